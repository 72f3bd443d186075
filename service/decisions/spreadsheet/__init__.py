"""Decision tables as Excel workbooks and back, without losing a byte. What decisions mean is not here, and nothing is
read from disk."""

from service.decisions.spreadsheet.exchange import Returned, from_workbook, to_workbook

__all__ = ["Returned", "from_workbook", "to_workbook"]
