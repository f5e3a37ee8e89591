"""The languages of the app: messages in English where they are said, their translations in catalogues of gettext."""
