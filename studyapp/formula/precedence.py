"""How tightly operators hold their operands together, loosest first."""

OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, POWER = range(10, 90, 10)

INFIX = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER}
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
