"""stub"""
from xlwings import base_classes
from cdrp_xl.libreoffice.interface import engine_class


@engine_class
class Shapes(base_classes.Collection):
    def __init__(self, *a): pass


@engine_class
class Pictures(base_classes.Pictures):
    def __init__(self, *a): pass

