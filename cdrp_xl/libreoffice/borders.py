"""stub"""
from xlwings import base_classes
from cdrp_xl.libreoffice.interface import engine_class


@engine_class
class Borders(base_classes.Borders):
    def __init__(self, *a): pass

