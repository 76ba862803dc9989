# %% [markdown]
# # Scoreboard
#
# Every result that the papers print and every claim that they make, beside what the last run on real data (*sample*)
# and the last run on generated data (*embedded*) measured. A number on other data confirms or refutes nothing by
# itself; why the two differ is said in the chapter that measured it. A claim is decided by its own test, which stands
# in that chapter, and by nothing else. An empty cell has not been measured yet. An entry marked *stale* was measured by
# code that has changed since.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False

# %% tags=["hide-input"]
from neuroattr import execution, results
from neuroattr.chapter import Chapter

page = Chapter("scoreboard", corpus=corpus, backbone=backbone, profile=profile, book=book, paper="discovery")
runs = {name: results.read(*folders, code=execution.code_digest) for name, folders in execution.ledgers().items()}
board = results.scoreboard(ledgers=runs)
page.table(results.tally(runs).set_index("paper"), caption="How much of each document has been measured, and how its claims fared")

# %% [markdown]
# ## *Automatic Attribute Discovery with Neural Activations*

# %% tags=["hide-input"]
printed = board[(board.paper == "discovery") & (board.kind == "result")].set_index("what")
page.table(printed[["place", "printed", *runs]], caption="Discovery: printed results")

# %% [markdown]
# Its claims:

# %% tags=["hide-input"]
claimed = board[(board.paper == "discovery") & (board.kind == "claim")].set_index("what")
page.table(claimed[["place", *runs]], caption="Discovery: claims and verdicts")

# %% [markdown]
# ## Its poster

# %% tags=["hide-input"]
printed = board[(board.paper == "poster") & (board.kind == "result")].set_index("what")
page.table(printed[["place", "printed", *runs]], caption="Poster: printed results")

# %% [markdown]
# Its claims:

# %% tags=["hide-input"]
claimed = board[(board.paper == "poster") & (board.kind == "claim")].set_index("what")
page.table(claimed[["place", *runs]], caption="Poster: claims and verdicts")

# %% [markdown]
# ## *Scalable Visual Attribute Extraction through Hidden Layers of a Residual ConvNet*

# %% tags=["hide-input"]
printed = board[(board.paper == "hidden_layers") & (board.kind == "result")].set_index("what")
page.table(printed[["place", "printed", *runs]], caption="Hidden layers: printed results")

# %% [markdown]
# Its claims:

# %% tags=["hide-input"]
claimed = board[(board.paper == "hidden_layers") & (board.kind == "claim")].set_index("what")
page.table(claimed[["place", *runs]], caption="Hidden layers: claims and verdicts")

# %% [markdown]
# ## *Neural Network Interpretation via Fine-Grained Textual Summarization*

# %% tags=["hide-input"]
printed = board[(board.paper == "summarization") & (board.kind == "result")].set_index("what")
page.table(printed[["place", "printed", *runs]], caption="Summarization: printed results")

# %% [markdown]
# Its claims:

# %% tags=["hide-input"]
claimed = board[(board.paper == "summarization") & (board.kind == "claim")].set_index("what")
page.table(claimed[["place", *runs]], caption="Summarization: claims and verdicts")

# %% [markdown]
# ## *Unsupervised learning of object semantic parts*
# The document at hand prints no number, only claims:

# %% tags=["hide-input"]
claimed = board[(board.paper == "visual_concepts") & (board.kind == "claim")].set_index("what")
page.table(claimed[["place", *runs]], caption="Visual concepts: claims and verdicts")
