"""stub"""
from xlwings import base_classes
from cdrp_xl.libreoffice.interface import engine_class


@engine_class
class DataValidation(base_classes.DataValidation):
    def __init__(self, *a): pass

