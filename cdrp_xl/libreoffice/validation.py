"""What may be entered into cells: lists to choose from, and limits."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.addresses import shown_sheet
from cdrp_xl.libreoffice.formulas import to_excel, to_uno
from cdrp_xl.libreoffice.interface import engine_class
from cdrp_xl.libreoffice.office import enum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.libreoffice.range import Range

_TYPES = {
    "none": "ANY",
    "whole_number": "WHOLE",
    "decimal": "DECIMAL",
    "list": "LIST",
    "date": "DATE",
    "time": "TIME",
    "text_length": "TEXT_LEN",
    "custom": "CUSTOM",
}
OPERATORS = {
    "between": "BETWEEN",
    "not_between": "NOT_BETWEEN",
    "equal_to": "EQUAL",
    "not_equal_to": "NOT_EQUAL",
    "greater_than": "GREATER",
    "less_than": "LESS",
    "greater_than_or_equal": "GREATER_EQUAL",
    "less_than_or_equal": "LESS_EQUAL",
}
_ALERTS = {"stop": "STOP", "warning": "WARNING", "information": "INFO"}
_COMPARED = ("whole_number", "decimal", "date", "time", "text_length")
_DROPDOWN = 1  # com.sun.star.sheet.TableValidationVisibility.UNSORTED


def named(values: dict[str, str], value: Any) -> str | None:
    """Return xlwings' name of one of UNO's enumeration values."""
    return next((name for name, uno in values.items() if uno == value.value), None)


@engine_class
class DataValidation(base_classes.DataValidation):
    """The rule for entries into a range.

    Parameters
    ----------
    parent
        The range.
    """

    type: str

    def __init__(self, parent: Range) -> None:
        self._parent = parent
        self.api = parent.cells.Validation
        self._is_mixed = parent.cells.getPropertyState("Validation").value == "AMBIGUOUS_VALUE"
        self.type = "inconsistent" if self._is_mixed else named(_TYPES, self.api.Type) or "unknown"

    api: Any

    def _text(self, name: str) -> str | None:
        return None if self.type in ("none", "inconsistent") else str(getattr(self.api, name))

    def _flag(self, name: str) -> bool | None:
        return None if self.type in ("none", "inconsistent") else bool(getattr(self.api, name))

    @property
    def operator(self) -> str | None:
        return named(OPERATORS, self.api.getOperator()) if self.type in _COMPARED else None

    @property
    def formula1(self) -> str | None:
        return to_excel(f"={self.api.getFormula1()}") if self.type in _COMPARED else None

    @property
    def formula2(self) -> str | None:
        needs_two = self.operator in ("between", "not_between")
        return to_excel(f"={self.api.getFormula2()}") if needs_two else None

    @property
    def formula(self) -> str | None:
        return to_excel(f"={self.api.getFormula1()}") if self.type == "custom" else None

    @property
    def source(self) -> str | None:
        if self.type != "list":
            return None
        text = self.api.getFormula1()
        if text.startswith('"'):
            return ",".join(part.strip('"') for part in text.split(";"))
        return to_excel(f"={text}")

    @property
    def in_cell_dropdown(self) -> bool | None:
        return bool(self.api.ShowList) if self.type == "list" else None

    @property
    def ignore_blank(self) -> bool | None:
        return self._flag("IgnoreBlankCells")

    @property
    def input_title(self) -> str | None:
        return self._text("InputTitle")

    @property
    def input_message(self) -> str | None:
        return self._text("InputMessage")

    @property
    def show_input(self) -> bool | None:
        return self._flag("ShowInputMessage")

    @property
    def error_title(self) -> str | None:
        return self._text("ErrorTitle")

    @property
    def error_message(self) -> str | None:
        return self._text("ErrorMessage")

    @property
    def show_error(self) -> bool | None:
        return self._flag("ShowErrorMessage")

    @property
    def alert_style(self) -> str | None:
        return None if self.type in ("none", "inconsistent") else named(_ALERTS, self.api.ErrorAlertStyle)

    def set_list(self, source: Any, in_cell_dropdown: bool) -> None:  # noqa: FBT001 - xlwings' signature
        if isinstance(source, base_classes.Range):
            cells: Any = source
            formula = f"{shown_sheet(cells.sheet.name)}!{cells.address}"
        elif isinstance(source, base_classes.Name):
            formula = str(source.name)
        else:
            formula = ",".join(f'"{value}"' for value in source)
        self._set("list", None, (formula,), ShowList=_DROPDOWN if in_cell_dropdown else 0)

    def set_rule(self, rule_type: str, operator: str | None, formula1: str, formula2: str | None) -> None:
        self._set(rule_type, operator, (formula1, formula2) if formula2 is not None else (formula1,))

    def _set(self, rule_type: str, operator: str | None, formulas: Sequence[str], **members: Any) -> None:
        self._parent.check_writable(is_format=True)
        rule = self.api
        rule.Type = enum("sheet.ValidationType", _TYPES[rule_type])
        rule.ShowErrorMessage = True
        rule.ErrorAlertStyle = enum("sheet.ValidationAlertStyle", "STOP")
        if operator is not None:
            rule.setOperator(enum("sheet.ConditionOperator", OPERATORS[operator]))
        for member, value in members.items():
            setattr(rule, member, value)
        for formula, set_formula in zip(formulas, (rule.setFormula1, rule.setFormula2), strict=False):
            set_formula(to_uno(f"={formula.removeprefix('=')}").removeprefix("="))
        self._parent.cells.Validation = rule

    def delete(self) -> None:
        self._parent.check_writable(is_format=True)
        self.api.Type = enum("sheet.ValidationType", "ANY")
        self._parent.cells.Validation = self.api
