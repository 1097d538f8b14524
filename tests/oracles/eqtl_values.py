"""Published and recorded values of colocalisation and fine-mapping.

Sources: the vignettes of coloc 6.0.1 ("a03_enumeration", "a06_SuSiE"), the coloc.susie tutorial of the eQTL Catalogue
(tutorials/coloc.susie), the tests of gentropy 576d8bd (Apache-2.0), the HMGCR case recorded with the eQTL Catalogue
(manuscript figures, merged_colocs.tsv). Each tuple of posteriors is H0 to H4.
"""

from __future__ import annotations

VIGNETTE = {
    ("D1", "D2"): (1.3769995397857868e-18, 2.937336451601565e-10, 8.59322643164807e-12, 0.0008338916748775961,
                   0.9991661080227981),
    ("D3", "D4"): (8.775707514402174e-26, 6.797735613246566e-07, 1.5293987522125404e-22, 0.00018487047139894498,
                   0.9998144497550407),
}  # fmt: skip
# coloc.abf(D1, D2): variant, then lABF.df1, lABF.df2, SNP.PP.H4.
VIGNETTE_TOP = {"s105": (28.34342, 24.28418, 0.98894507), "s103": (24.75159, 23.37551, 0.01098066)}
# s105 of D1 and D2: V, z, r.
VIGNETTE_S105 = {"1": (0.004808487, 8.302463, 0.8498828), "2": (0.004100753, 7.699676, 0.8513923)}
# finemap.abf(D1): variant, then V, z, r, lABF, SNP.PP.
FINEMAP_S21 = (0.006158578, 3.105184, 0.8155100, 3.08656163, 1.026731e-11)
FINEMAP = {"s26": (11.03926980, 2.919269e-08), "s28": (11.85562507, 6.604085e-08)}
SDY = {"D1": 1.288158547984999, "D2": 1.198976527262564, "D3": 1.4755079629728443, "D4": 1.5552176144548546}

# runsusie: numbers of the variants, log10 BF, average r², least r².
SUSIE_D3 = (
    ((82, 103, 105), 8.626019, 0.6743405, 0.5947188),
    ((58, 68, 69, 73, 75, 80, 81, 84, 87, 89, 97, 108, 113), 3.492207, 0.6237635, 0.4582396),
)
SUSIE_D4 = (((105, 156), 4.940381, 0.5047112, 0.5047112),)
SUSIE_PIP = {
    "D3": {82: 0.106275736, 103: 0.080325924, 105: 0.777112364, 89: 0.395106280, 87: 0.271833777},
    "D4": {105: 0.9051715, 156: 0.0605820},
}
COLOC_SUSIE = (
    ("s105", "s105", (3.079008e-14, 6.507291e-07, 1.342030e-10, 0.0008379729, 0.99916138)),
    ("s89", "s105", (1.422896e-06, 2.209787e-04, 6.201896e-03, 0.9631063078, 0.03046939)),
)

# BPI: neutrophils and monocytes against the plasma protein, pairs of signals with the H4 of the tutorial.
BPI_H4 = {
    "QTD000021": {(1, 2): 0.947182, (2, 3): 0.988765},
    "QTD000026": {(2, 2): 0.980024, (1, 3): 0.939130, (2, 4): 0.840800, (3, 4): 0.893652},
}

# gentropy: ln Bayes factors of both traits, None filled with 0; p12 = 1e-5. Its H3 of a single variant is 9.25e-13,
# from a pseudocount; without one it is 0.
GENTROPY = (
    ([10.3], [10.5], (9.254841951638903e-5, 2.7517068829182966e-4, 3.3609423764447284e-4, 0.0, 0.9992961866536217)),
    ([10.2, 1.2], [10.5, 3.8], (1.02277006860577e-4, 2.7519169183135977e-4, 3.718812819512325e-4,
                                1.3533048074295033e-6, 0.9992492967145488)),
    ([1.2, 1.2, 10.2], [0.0, 3.8, 10.5], (1.02277006860577e-4, 2.752255943423052e-4, 3.718914358059273e-4,
                                          1.5042926116520848e-6, 0.9992491016906891)),
)  # fmt: skip

# Muscle eQTL of HMGCR against LDL cholesterol; the number of GWAS samples it was recorded with is not known.
HMGCR = (1003, 6.81825606988834e-05, 0.0114168548312112, 0.988514962608045)
