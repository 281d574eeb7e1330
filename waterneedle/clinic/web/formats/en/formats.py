"""Dates with the month as a word and times on 24 hours: nobody can read them two ways."""
DATE_FORMAT = "M j, Y"
SHORT_DATE_FORMAT = "M j"
MONTH_DAY_FORMAT = "F j"
YEAR_MONTH_FORMAT = "M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "M j, Y, H:i"
SHORT_DATETIME_FORMAT = "M j, H:i"
FIRST_DAY_OF_WEEK = 0
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
