# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Scoreboard
#
# Every number that the papers print and every claim that they make, beside what the last run on
# real data and the last run on generated data measured. Where an interval was measured, the cell
# says whether the paper's number lies inside, above or below it; on other data that confirms or
# refutes nothing by itself, and why the two may differ is folded below the number. A claim is
# decided by its own test, which is folded below it, and by nothing else; the link leads to the
# chapter that decided it. A dash has not been measured.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False

# %% tags=["hide-input", "wide"]
from neuroattr import papers, results
from neuroattr.book import execution
from neuroattr.book.chapter import Chapter

page = Chapter(
    "scoreboard", corpus=corpus, backbone=backbone, profile=profile, book=book, paper="discovery"
)
code, folders = execution.code_digest, execution.ledgers()
runs = {name: results.read(*places, code=code) for name, places in folders.items()}
tally = results.counts(runs).replace({"sample": "real data", "embedded": "generated"})
page.table(
    tally.set_index("paper"),
    caption="How much of each document has been measured, and how its claims fared",
)

# %% [markdown]
# ## *Automatic Attribute Discovery with Neural Activations*

# %% tags=["hide-input"]
printed = papers.load("discovery").numbers
page.comparison(printed[printed.kind == "result"].id.tolist(), paper="discovery", whole=True)

# %% [markdown]
# Its claims:

# %% tags=["hide-input"]
page.claims(paper="discovery", whole=True)

# %% [markdown]
# Its settings and the sizes of its data; a dash says that the printed value is used as it is, or
# was not needed:

# %% tags=["hide-input"]
page.comparison(printed[printed.kind != "result"].id.tolist(), paper="discovery", whole=True)

# %% [markdown]
# ## Its poster

# %% tags=["hide-input"]
printed = papers.load("poster").numbers
page.comparison(printed[printed.kind == "result"].id.tolist(), paper="poster", whole=True)

# %% [markdown]
# Its claims:

# %% tags=["hide-input"]
page.claims(paper="poster", whole=True)

# %% [markdown]
# ## *Scalable Visual Attribute Extraction through Hidden Layers of a Residual ConvNet*

# %% tags=["hide-input"]
printed = papers.load("hidden_layers").numbers
page.comparison(printed[printed.kind == "result"].id.tolist(), paper="hidden_layers", whole=True)

# %% [markdown]
# Its claims:

# %% tags=["hide-input"]
page.claims(paper="hidden_layers", whole=True)

# %% [markdown]
# Its settings and the sizes of its data; a dash says that the printed value is used as it is, or
# was not needed:

# %% tags=["hide-input"]
page.comparison(printed[printed.kind != "result"].id.tolist(), paper="hidden_layers", whole=True)

# %% [markdown]
# ## *Neural Network Interpretation via Fine-Grained Textual Summarization*

# %% tags=["hide-input"]
printed = papers.load("summarization").numbers
page.comparison(printed[printed.kind == "result"].id.tolist(), paper="summarization", whole=True)

# %% [markdown]
# Its claims:

# %% tags=["hide-input"]
page.claims(paper="summarization", whole=True)

# %% [markdown]
# Its settings and the sizes of its data; a dash says that the printed value is used as it is, or
# was not needed:

# %% tags=["hide-input"]
page.comparison(printed[printed.kind != "result"].id.tolist(), paper="summarization", whole=True)

# %% [markdown]
# ## *Unsupervised learning of object semantic parts*
# The document at hand prints no number, only claims:

# %% tags=["hide-input"]
page.claims(paper="visual_concepts", whole=True)
