"""The bottom layer: Vietnamese text, numbers, dates, periods, references to numbered documents, errors.

Knows neither Django nor any app of the product; needs the standard library only.
"""
