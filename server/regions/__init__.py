"""Regions of the five-level tree (行政区划): province, city, county, township, village."""
