from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.edam.submission import Submission
from lifenode.edam.submission_files import read_submissions
from lifenode.errors import EmptyInput, FormatError, InputTooLarge, LifenodeError

EDAMMAP = """# tools of a course
id,name,keywords,description,webpageUrls,docUrls,publicationIds,annotations
star,STAR,RNA-Seq|splicing,"Aligns reads, fast.",https://example.org,,23104886,
# not this one
fastqc,FastQC,,Quality control.,,,,
"""


def read(text: str, origin: str = "text") -> list[Submission]:
    return list(read_submissions(text, origin))


def test_tables_of_edammap_are_read() -> None:
    star, fastqc = read(EDAMMAP, "tools.csv")
    assert (star.id, star.name, star.description) == ("star", "STAR", "Aligns reads, fast.")
    assert star.keywords == ["RNA-Seq", "splicing"]
    assert star.text == "Aligns reads, fast. RNA-Seq, splicing"
    assert fastqc.name == "FastQC"
    assert read("name\tdescription\nSTAR\tAligns.\n")[0].description == "Aligns."


def test_records_and_lines_are_read() -> None:
    one = {"id": "a", "name": "A", "description": "x", "keywords": ["k"], "publications": ["text"]}
    lines = read(json.dumps(one) + "\n\n" + json.dumps({"name": "B"}) + "\n")
    assert [tool.name for tool in lines] == ["A", "B"]
    assert lines[0].publications == ["text"]
    assert [tool.name for tool in read('{"count": 1, "list": [{"name": "C"}]}')] == ["C"]


def test_a_readme_and_a_web_page_give_their_words() -> None:
    (readme,) = read("# STAR\n\n![badge](x.svg)\nAligns [reads](https://x) fast.\n```\nmake\n```\n", "README.md")
    assert readme.name == "STAR"
    assert "Aligns reads fast." in readme.description
    assert "make" not in readme.description
    (page,) = read("<html><title>FastQC</title><script>var a</script><p>Quality of <b>reads</b></p>", "page.html")
    assert page.name == "FastQC"
    assert page.description.split() == ["Quality", "of", "reads"]
    (odd,) = read("<html><![foo bar]>words", "odd.html")
    assert "words" in odd.description


@pytest.mark.parametrize(
    ("text", "origin", "says"),
    [
        ("", "x.csv", "empty"),
        ("a,b\n1,2\n", "x.csv", "no column name"),
        ('{"name": 1}\n{"name": "B"}\n', "x.jsonl", "line 1"),
        ('{"name": "A"}\n{\n', "x.jsonl", "line 2"),
        ("[1]", "x.json", "no name"),
        (f"name,description\nA,{'x' * 100_001}\n", "x.csv", "longer than"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, origin: str, says: str) -> None:
    with pytest.raises((EmptyInput, FormatError), match=says):
        read(text, origin)


@given(st.text(max_size=200), st.sampled_from(["x.csv", "x.tsv", "x.json", "x.jsonl", "x.md", "x.html", "x"]))
def test_any_text_is_read_or_refused(text: str, origin: str) -> None:
    with suppress(LifenodeError):
        assert all(isinstance(tool, Submission) for tool in read(text, origin))


def test_texts_that_are_too_long_say_how_long() -> None:
    with pytest.raises(InputTooLarge, match="100,001"):
        Submission("x", "y" * 100_001).annotated()


def test_tables_of_seqwiki_and_bioconductor_are_read() -> None:
    seqwiki = 'Name,Summary,Domains,Methods\nBWA,Aligner of short reads.,"Genomics, Resequencing",Mapping\n'
    [tool] = read_submissions(seqwiki, "seqwiki.csv")
    assert (tool.name, tool.description) == ("BWA", "Aligner of short reads.")
    assert list(tool.keywords) == ["Genomics", "Resequencing", "Mapping"]
    bioconductor = (
        "Package\tTitle\tDescription\tbiocViews\nDESeq2\tDifferential expression\tOf counts.\tGeneExpression, RNASeq\n"
    )
    [tool] = read_submissions(bioconductor, "packages.tsv")
    assert (tool.name, tool.description) == ("DESeq2", "Differential expression. Of counts")
    assert list(tool.keywords) == ["Gene Expression", "RNASeq"]
    assert not tool.publications
