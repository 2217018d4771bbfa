"""Files of customers, read and written: CSV, XLSX and vCard. Knows bytes and rows; nothing of people or databases."""
