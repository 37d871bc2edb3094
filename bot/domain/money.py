"""How many digits of a price stand behind the point? Prices are kept in their currency's minor unit."""

_NO_MINOR_UNIT = frozenset(
    {"CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "XAF", "XOF", "XPF"}
)
_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def digits(currency: str) -> int:
    """Return the number of digits behind the point, by ISO 4217; two where it is not known."""
    code = currency.upper()
    return 0 if code in _NO_MINOR_UNIT else 3 if code in _THOUSANDTHS else 2
