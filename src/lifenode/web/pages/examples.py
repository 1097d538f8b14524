"""Lists to try, typed for this page: well-known genes of three processes."""

from __future__ import annotations

from typing import NamedTuple


class Example(NamedTuple):
    """One list, or several."""

    label: str
    organism: str
    query: str


EXAMPLES = {
    "inflammation": Example(
        "Inflammation",
        "hsapiens",
        "IL6 TNF CXCL8 IL1B CCL2 IL1A IL18 CXCL10 CXCL9 CXCL11 CCL5 CCL7 CCL20 NFKB1 NFKBIA RELA TLR2 TLR3 TLR4 MYD88\n"
        "NLRP3 CASP1 IRF1 IRAK2 RIPK2 PTGS2 ICAM1 SELE SELL CD14 CD40 IL10 IL1R1 IL4R IL6R OSM LIF HIF1A SERPINE1",
    ),
    "lists": Example(
        "Two lists",
        "hsapiens",
        ">DNA repair\nBRCA1 BRCA2 RAD51 PALB2 ATM ATR CHEK1 CHEK2 MLH1 MSH2 MSH6 XRCC1 XRCC2 ERCC1 ERCC2 FANCA FANCD2\n"
        ">glycolysis\nHK1 HK2 GPI PFKL PFKM PFKP ALDOA ALDOC TPI1 GAPDH PGK1 PGAM1 ENO1 ENO2 PKM LDHA SLC2A1",
    ),
    "yeast": Example(
        "Yeast proteasome",
        "scerevisiae",
        "PRE1 PRE2 PRE3 PRE4 PRE5 PRE6 PRE7 PRE8 PRE9 PRE10 PUP1 PUP2 PUP3 SCL1 RPN1 RPN2 RPN3 RPN5 RPN6 RPN7 RPN8\n"
        "RPN9 RPN10 RPN11 RPN12 RPT1 RPT2 RPT3 RPT4 RPT5 RPT6",
    ),
}
"""Examples by the name that an address has."""
