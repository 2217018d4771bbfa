"""Files of customers, read and written: CSV, XLSX, Parquet, vCard. Bytes and rows; nothing of people or databases."""
