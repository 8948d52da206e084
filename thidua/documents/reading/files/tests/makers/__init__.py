"""Makers of test documents: a plan text becomes the Word file, PDF or web page it was typed from."""
