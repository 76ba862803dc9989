# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Your own images
#
# **What you need.** A table with one row a picture: where its file is, and a text that somebody
# wrote about it. A title, a description, tags, a caption: anything. No labels.
#
# **What you get.** The words of those texts that a network can see in the pictures, in order, and
# the units that see them.
#
# Without a table of yours, the data below are a small part of this book's corpus, written to a
# folder and a CSV file first, so that the page starts from what you would have: files. Put the path
# of your own table into `table` and go on from there.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
table = ""  # path of your own CSV or parquet file; empty: an example is written
generated = None  # are your pictures drawn? False: photographs; None: the page says nobody said
rarest = 15  # words with fewer images than this are left out

# %% tags=["hide-input"]
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd
from IPython.display import HTML

from neuroattr import annotation, discovery, explorer, figures
from neuroattr import backbone as networks
from neuroattr import corpus as corpora
from neuroattr.book.chapter import Chapter
from neuroattr.recorded import Recorded

# %% [markdown]
# The page itself, which keeps figures and numbers when the book is built:

# %% tags=["hide-input"]
options = {"corpus": corpus, "backbone": backbone, "profile": profile, "book": book}
page = Chapter("your_own_images", **options, paper="discovery")

# %% [markdown]
# ## The example: a folder of pictures and a table
#
# Not needed with your own data: this cell copies 800 pictures to a new folder and writes their
# texts into a table. A table does not tell whether its pictures are photographs; of the example it
# is known, and told with `generated`.

# %% tags=["hide-input"]
folder = Path(mkdtemp())
some = corpora.load(corpus, seed=seed).subset(range(800))
for id in some.ids:
    some.image(id).save(folder / f"{id}.jpg")
texts = some.table[["title", "description"]].assign(photo=[f"{id}.jpg" for id in some.ids])
texts.to_csv(folder / "table.csv")
if not table:
    table, generated = str(folder / "table.csv"), some.generated
page.table(texts.head(3), index="image", caption="The first rows of the example's table")

# %% [markdown]
# ## Five lines
#
# The table becomes a corpus: pictures are opened once to see that they are whole, the adjectives of
# the texts become candidate words, and what was wrong is counted, not hidden. Pictures that cannot
# be read any more when the network looks at them have no activations; the corpus keeps those that
# have.

# %%
mine = corpora.Corpus.from_table(
    table,
    image_column="photo",
    text_columns=["title", "description"],
    n_words=120,
    generated=generated,
)
seen = Recorded.of(mine, networks.load(backbone))
mine = seen.corpus
words = seen.frequent(at_least=rarest)
divergence = seen.divergence(words)

# %% [markdown]
# What came in, and what was wrong with it:

# %% tags=["hide-input"]
page.uses(mine, seen.network)
page.table(mine.summary(), caption="The corpus, and its faults")

# %% [markdown]
# ## Which words can the network see?
#
# The largest divergence of each word over all units, less what a unit gets by chance on average
# with so few images. Words at the top go with something in the pictures, though not always with
# what they mean; of words at the end no unit tells anything: they are not visible, or nobody uses
# them for what is in the picture.

# %% tags=["hide-input"]
largest = divergence.max("unit").to_series()
by_chance = pd.Series({word: seen.chance(word) for word in words})
visible = (largest - by_chance).sort_values(ascending=False)
shown = visible.head(30)
told = f"The {len(shown)} words of largest divergence, of {len(visible)}"
page.figure(
    figures.ranking(shown.to_numpy(), list(shown.index), label="divergence above chance (nats)"),
    "visible-words",
    alt=f"{told}; {shown.index[0]} is first.",
    data=visible.rename("divergence above chance").rename_axis("word"),
)

# %% [markdown]
# The units that see the first of these words, and what else excites them:

# %% tags=["hide-input"]
view = explorer.view(seen, visible.index[0], count=4)
strongest = explorer.Thumbnails(mine).grid(view.strongest)
page.figure(
    figures.prime_units(
        view.positive, view.negative, strongest, word=view.word, titles=view.titles
    ),
    "prime-units",
    alt=(
        f"Histograms of the four prime units of {view.word}, and the images that excite them most."
    ),
)

# %% [markdown]
# ## Ask people
#
# Is a word that the network sees a word that people see? Ask them, as the paper did (section 4.3
# there): two pictures, one whose text has the word and one whose text has not; which is more of the
# word, or neither? Sides and order are shuffled, and nobody is told which is which.

# %%
asked = annotation.questions(mine, visible.index[:8], pairs=5, seed=seed)
poll = annotation.Poll(asked, folder / "votes.csv", annotator="me", seed=seed)

# %% [markdown]
# In a live notebook the next cell is a form to be answered. Each answer is in the file before the
# next question comes, and the form goes on where it stopped. On this page, which no kernel answers,
# it is a picture of itself.

# %% tags=["hide-input"]
annotation.Form(poll, mine, live=not book)

# %% [markdown]
# Others need no notebook: the same questions as a single web page, which works from a disk, sends
# nothing anywhere, and hands its votes over as a CSV file.

# %% tags=["hide-input"]
document = annotation.page(asked, mine, title="Which picture is more of the word?", size=160)
address = page.files.put("poll", document.encode(), ".html")
link = f'<a href="{address}" target="_blank" rel="noopener">'
HTML(f"<p>{link}Open the questions as a page of their own</a></p>")

# %% [markdown]
# The files of all who answered become the votes of the corpus, from which human visualness (the
# paper's equation 3) and its interval follow. The two files below stand in for yours: one annotator
# who answers at random, one who takes what the text says for what is to be seen. Whoever guesses
# among three answers agrees with the other in a third of the pairs on average, whatever the word.

# %%
guesses = annotation.Poll(asked, folder / "guesses.csv", annotator="guesses", seed=seed)
rng = np.random.default_rng(seed)
while guesses.current:
    guesses.answer(str(rng.choice(annotation.CHOICES)))

# %% [markdown]
# The one who believes the text:

# %%
trusting = folder / "believes the text.csv"
believer = annotation.Poll(asked, trusting, annotator="believes the text", seed=seed)
while believer.current:
    has_the_word = believer.pictures[0] == believer.current.positive_id
    believer.answer("left" if has_the_word else "right")

# %% [markdown]
# Their files together:

# %%
judged = mine.with_votes([folder / "guesses.csv", trusting]).truth.votes

# %% [markdown]
# What these two say, word by word:

# %% tags=["hide-input"]
ballots = discovery.ballots(judged["word"], judged["pair"], judged["answer"])
human = discovery.human_visualness(ballots, theta=2, strict=False).to_dataframe()  # both of two
caption = "Share of pairs in which both annotators chose the picture whose text has the word"
page.table(human.round(2), caption=caption)

# %% [markdown]
# :::{admonition} From here
# :class: tip
# `mine.contrast(word, seed=0, match=("category",))` draws images with and without a word that are
# alike in category, if your table has one; `from_table(..., boilerplate="drop")` takes no words
# from sentences that a shop repeats; `networks.load("resnet50")` looks with another network;
# [section 4.1](discovery/04_1_divergence) explains the numbers. A folder with a text file beside
# each picture works too: `Corpus.from_folder(path)`.
# :::
