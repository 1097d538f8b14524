"""Knowledge packs: where facts live.

`lifenode.packs.pack.open_pack` opens one; `lifenode.packs.build` writes one. Importing this package loads neither.
"""
