"""What cdrp-xl needs on a computer: LibreOffice's macros, and a look at whether all is in order."""
