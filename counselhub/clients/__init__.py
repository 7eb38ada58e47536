"""Clients (服务对象): their names and phones, kept sealed inside the firm."""
