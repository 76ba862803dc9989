# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5 Conclusion
#
# **Question.** The title says *scalable*: does a new attribute really come for a few examples and
# no training? And what is left of the paper's claims on other pictures?
#
# **What the paper did** {cite}`baloian2021`. It concludes that blocks two and four describe colour
# and texture and that combining them improves retrieval. That the method scales to new attributes
# is argued (section 3.3): neighbours need examples, not training. It is not measured. Here it is.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-swatches"
textures_corpus = "atelier-swatches"
backbone = "caffenet-mini"
seed = 0
book = False
repeats = 3  # shuffles of the folds, which choose the examples too
draws = 1000  # resamples of the images for intervals

# %% tags=["hide-input"]
import tempfile
from pathlib import Path

import pandas as pd

from neuroattr import backbone as networks
from neuroattr import figures, neighbours, papers, recorded, statistics
from neuroattr.attributes import AttributeIndex
from neuroattr.book.chapter import Chapter

PAPER = papers.load("hidden_layers").constants
options = {"corpus": corpus, "backbone": backbone, "profile": profile, "book": book}
page = Chapter("hidden_layers/5_conclusion", **options)

# %% [markdown]
# The pictures of both studies through one network, each at the paper's block or its best layer:

# %% tags=["hide-input"]
network = networks.load(backbone)
labelled = recorded.colour_and_texture(network, colours=corpus, textures=textures_corpus, seed=seed)
page.uses(labelled, network)
vote = neighbours.Vote(PAPER.neighbours, ties="nearest neighbour")
folds = neighbours.Folds(PAPER.folds, repeats, seed)
layers = {
    "colour": labelled.colour.layer(PAPER.colour_block, vote, folds),
    "texture": labelled.texture.layer(PAPER.texture_block, vote, folds),
}
where = ", ".join(f"{name} at {layer}" for name, layer in layers.items())
page.say(f"{len(labelled):,} images of {labelled.name}; {where}")

# %% [markdown]
# ## How many examples does a new class need?
#
# Each class in turn is the new one. The others have all their training pictures; the new one has
# $m$. The curve is the share of its test pictures that are found, mean over classes. With five
# votes the arithmetic alone says that a class of one or two examples is outvoted wherever its
# pictures are not far from the others; ties go to the nearest neighbour here. The second curve is a
# shop that begins: *every* class has $m$ examples.

# %% tags=["hide-input"]
counts = [1, 2, 5, 10, 20, 50, 100]
learned, frames = {}, {}
options = {"examples": counts, "draws": draws}
for one in labelled:
    values = one.spaces[layers[one.attribute]]
    for others in neighbours.OTHERS:
        curve = neighbours.learning_curve(values, one.labels, vote, folds, others=others, **options)
        learned[one.attribute, others] = curve
        table = pd.DataFrame(curve).set_index("examples")
        frames[one.attribute, others] = table.rename(columns={"recall": "accuracy"})

# %% [markdown]
# The two settings beside each other, for both attributes:

# %% tags=["hide-input"]
curves = {}
for name in layers:
    curves[name] = {
        "one class is new": frames[name, "all examples"],
        "all classes are new": frames[name, "as few"],
    }
page.figure(
    figures.accuracy_by_size(curves, label="examples of the new class", measured="found of it"),
    "examples",
    alt=(
        "Share of the pictures of a new class that are found, against the number of its examples, "
        "for colour and texture."
    ),
    data=pd.concat(frames, names=["attribute", "setting", "examples"]).reset_index(),
)

# %% [markdown]
# What the newcomer costs the others: accuracy on the pictures of the other classes, which the new
# one may take pictures from. Where the training folds hold fewer examples than were asked for, the
# note says so.

# %% tags=["hide-input"]
columns = {
    "accuracy": "new class found",
    "low": "low",
    "high": "high",
    "others": "accuracy on the others",
    "note": "note",
}
one_is_new = {name: frames[name, "all examples"][list(columns)] for name in layers}
table = pd.concat(one_is_new, names=["attribute", "examples"]).rename(columns=columns)
page.table(table, caption="A new class beside the others, which are known")

# %% [markdown]
# The claim, at ten examples: what is found less what a guess would find.

# %% tags=["hide-input"]
above_chance = {}
for name in layers:
    row = next(each for each in learned[name, "all examples"] if each.examples == 10)
    found = statistics.Estimate(row.recall, row.low, row.high, row.n)
    title = f"Share found of a {name} class added with ten examples"
    note = f"{layers[name]} of {network.title}"
    page.record(f"ten_examples.{name}", found, unit="recall", title=title, note=note)
    bounds = row.low - row.chance, row.high - row.chance
    above_chance[name] = statistics.Estimate(row.recall - row.chance, *bounds, row.n)
note = "ten examples, the other classes at full strength"
page.decide("scalable", above_chance, note=note)

# %% [markdown]
# ## As a user would do it
#
# An index of pictures that learns by example. A quarter of the colour set is added with its labels;
# then it is asked about a picture that it has not seen.

# %% tags=["hide-input"]
corpus_of_colours = labelled.colour.corpus
known, test = corpus_of_colours.part("validation"), corpus_of_colours.part("test")
of_known = known.truth.attributes["colour"].astype(str)
of_test = test.truth.attributes["colour"].astype(str)
others = tuple(set(layers.values()) - {layers["colour"]})
index = AttributeIndex(network, {"colour": layers["colour"]}, also=others)
index.add(known, {"colour": of_known.tolist()})
said = index.predict(test)
right = said["colour"].to_numpy() == of_test.to_numpy()
share = statistics.proportion(int(right.sum()), len(right))
page.table(said.head(5).assign(truth=of_test[:5]), caption=f"Predictions; right: {share}")

# %% [markdown]
# A new attribute at run time. What a customer *likes* is a list that nobody trained for; this one
# likes three dark colours, and the index gets up to forty examples of yes and of no. Then it is
# saved, loaded and asked again. A guess would find half of each.

# %% tags=["hide-input"]
dark = ["black", "brown", "purple"]
wanted = known.truth.attributes["colour"].isin(dark)
answers = wanted.map({True: "yes", False: "no"})
chosen = pd.Series(answers.to_numpy()).groupby(wanted.to_numpy()).head(40)
index.read("liked", layers["colour"])
index.add(known.subset(chosen.index.to_numpy()), {"liked": chosen.tolist()})
with tempfile.TemporaryDirectory() as folder:
    again = AttributeIndex.load(index.save(Path(folder) / "shop.npz"), network)
examples = again.summary().groupby("attribute")["examples"].sum()
page.say(f"An index of {len(again):,} pictures, loaded again")

# %% [markdown]
# What it finds of the pictures that the customer likes, and of the others:

# %% tags=["hide-input"]
liked = again.predict(test, attributes=["liked"])["liked"].to_numpy()
truly = test.truth.attributes["colour"].isin(dark).to_numpy()
yes, no = liked[truly] == "yes", liked[~truly] != "yes"
found = {
    "liked": statistics.proportion(int(yes.sum()), len(yes)),
    "not liked": statistics.proportion(int(no.sum()), len(no)),
}
told = []
for name, layer in again.layer_of.items():
    told.append(f"{examples[name]:,} in {name} (at {layer})")
caption = f"An index of {len(again):,} pictures, loaded again; labelled: {', '.join(told)}"
page.table(pd.Series(found, name="found", dtype=object), index="pictures", caption=caption)

# %% [markdown]
# And what it would show beside the first of these pictures:

# %% tags=["hide-input"]
asked = test.ids[0]
picture = asked if asked in again.ids else test.source.path(asked)
found = again.search(picture, by="colour", count=7)
pictures = [test.image(0), *(known.image(id) for id in found.index)]
page.figure(
    figures.image_grid([pictures], captions=[["asked for", *found["colour"]]]),
    "search",
    alt=(
        "A picture that the index has not seen and the seven nearest ones of the index by colour."
    ),
)

# %% [markdown]
# ## Paper beside here
#
# The numbers of its conclusion are those of its abstract; the whole list stands on the
# [scoreboard](../scoreboard).

# %% tags=["hide-input"]
of_abstract = ["abstract.accuracy", "colour_block", "texture_block"]
of_dimensions = ["section44.colour", "section44.texture", "chosen_dimensions"]
of_examples = [f"ten_examples.{name}" for name in layers]
page.comparison([*of_abstract, *of_dimensions, *of_examples])

# %% [markdown]
# ## All claims of the paper
#
# With their verdicts on this page's data and, where it was measured, on real data. Those that other
# pages decide are shown from their last run on real data.

# %% tags=["hide-input"]
page.claims(page.paper.claims["id"].tolist())

# %% [markdown]
# ## What remains
#
# The order of the blocks is the result of the paper that other pictures can confirm or refute, and
# it does not depend on how clean the labels are. The height of its accuracies does, and they should
# be read as those of its pictures. Its statement about eight dimensions is not what its own table
# says. Whether blocks two and three, or four and five, differ at all it did not test; [section
# 4.2](4_2_quantitative) does, where the network has blocks. The name is right in one sense: a class
# costs examples and no training; how many, the curve above says.
#
# :::{admonition} Exercise
# :class: exercise
# The paper names parts, behaviour and shape as future work. Take *kind* (dress, shirt, ...) as the
# attribute: at which layer is it known best?
# :::
#
# :::{admonition} Solution
# :class: dropdown
# `recorded.Labelled("kind", labelled.colour.recorded).validations(vote, folds)` on generated
# swatches, where every picture's kind is known. A kind is what the network was trained to name, so
# expect the deepest layers.
# :::
