"""Words whose part of speech is known beforehand: what texts say of the looks of animals, clothes and things."""

from __future__ import annotations


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


VISUAL_ADJECTIVES = _words(
    # colours
    "amber aqua azure beige black blond blonde blue bronze brown buff burgundy cerulean charcoal chestnut",
    "cinnamon copper coral cream crimson cyan ebony emerald fuchsia gold golden gray green grey indigo ivory jet",
    "khaki lavender lilac magenta maroon mauve mustard navy ochre olive orange peach pink plum purple red rose",
    "ruby rufous russet rust rusty salmon sandy scarlet silver silvery slate tan taupe teal turquoise violet",
    "white yellow",
    # shades
    "bleached bold bright brilliant clear dark darker darkest deep dim dull faded faint flashy gaudy glossy",
    "iridescent light lighter lightest luminous matte metallic muted neon pale paler pastel pearly plain rich",
    "shimmery shiny solid stark subtle transparent translucent vibrant vivid colorful colourful multicolored",
    "multicoloured multicolor colorless",
    # sizes and shapes
    "big bigger blunt blunted broad broader bulky chubby chunky compact conical crooked curled curly curvy deep",
    "elongated enormous expansive extended fat flat flattened full giant gigantic great heart hefty high hooked",
    "hooking huge large larger largest lean little long longer longest low massive medium mid mini miniature",
    "minuscule narrow narrower oblong oval petite plump pointed pointy round rounded sharp sharper short shorter",
    "shortest skinny sleek slender slick slight slim small smaller smallest sparse spiked spiky spiny square",
    "squat stocky stout straight stubby sturdy tall tapered thick thicker thin thinner tiny triangular tubular",
    "upright upturned wide wider wispy",
    # patterns and surfaces
    "banded barred blotched blotchy brindled checked checkered dappled dotted downy feathered feathery fine",
    "flecked floral fluffy frayed furry fuzzy hairy hard leathery marbled mottled patterned plaid printed ridged",
    "rough ruffled scaled scaly shaggy smooth soft speckled speckly spotted spotty streaked streaky striped",
    "stripy tufted velvety webbed wet wrinkled wrinkly",
    # places and kinds
    "central distal frontal inner lateral left lower malar middle outer primary right secondary superciliary",
    "tertiary upper ventral",
    # appearance
    "bare beady beautiful bushy distinct distinctive dirty dominant exotic fierce graceful majestic noticeable",
    "odd pretty prominent protruding regal scruffy striking strong unusual weird strange unique",
)
NOUNS = _words(
    # birds
    "abdomen ankle back bar beak belly bib bill body breast brow cap chest cheek chin claw collar comb covert",
    "crest crown crownhead ear eye eyeball eyebrow eyelash eyelid eyeline eyering eyestripe face feather",
    "feathering flank foot forehead fur hair hackle head headfeather hood iris leg lore mane mantle mark marking",
    "mask mouth nape neck neckline necklace nose nostril nuchal patch pattern plumage plume pouch primary pupil",
    "rectrix remex retrix ring rump scapular secondary shoulder side span speck speckle spot stomach streak strip",
    "stripe supercilium tail tailfeather talon tarsus tertial thigh throat tip toe tuft underbelly underbody",
    "undercoat underpart underside undertail underwing upperpart vent waist wattle web wing wingbar wingspan",
    "wingtip accent line edge edging shade highlight sheen coat base band",
    # people, clothes, things
    "arm bag belt blouse boot bottom brim buckle button cardigan coat collar cuff dress fabric finger frame glove",
    "hand handle hat heel hem hood jacket jeans jumper lace lapel lip logo neckline pant pocket print scarf shirt",
    "shoe shoulder skirt sleeve sneaker sock sole strap suit sweater tie top trim trouser wheel window door",
    "bumper mirror roof background branch leaf sky tree water",
    # heads of which nothing is wanted are nouns, too
    "bird fowl waterbird animal",
)
SECOND_NOUNS = _words(
    "area band bar brow cap covert edge edging feather feathering hair highlight line mark marking part patch",
    "pattern ring span speck speckle spot streak strip stripe tip tuft base pocket strap sleeve button hem cuff",
    "collar",
)
"""Nouns that make one thing with the noun before them: "tail feather", "cheek patch"."""
PARTICIPLES = _words("protruding piercing contrasting matching flowing drooping bulging glowing")
ADVERBS = _words(
    "almost also completely fairly extremely quite rather really so somewhat too totally very slightly mostly",
    "nearly entirely fully overall extra pretty relatively particularly incredibly more most less least well just",
    "all",
)
FUNCTION_WORDS = _words(
    # determiners, pronouns, numbers
    "a an the this that these those his her its their it he she they them him which who whose what where when",
    "there some any each every both one two three four several many few no another other such same",
    # prepositions, particles, subordinators
    "about above across after against along amid among around as aside at before behind below beneath beside",
    "besides between beyond but by compared down during except for from if in including inside into like minus",
    "near not of off on onto out outside over per plus since than then through throughout till to toward towards",
    "under underneath until unto up upon upward upwards downward downwards via when while with within without yet",
    "because although though",
    # verbs
    "am appear appears are be been being can cover covers covered covering come comes coming contain contains",
    "curve curves do does end ends extend extending extends feature features flies fly flying going had has have",
    "having is look looks makes may might must perched perching point pointing points resembles resembling run",
    "running runs seem seems shall sit sits sitting stand standing stands stick sticking sticks swim swimming",
    "swims tipped was were will would",
)
IRREGULAR = {
    "feet": "foot", "teeth": "tooth", "geese": "goose", "tarsi": "tarsus", "tarsuses": "tarsus", "rectrices": "rectrix",
    "retrices": "rectrix", "remiges": "remex", "lores": "lore", "irises": "iris", "irides": "iris", "leaves": "leaf",
    "scarves": "scarf", "knives": "knife", "halves": "half", "men": "man", "women": "woman", "children": "child",
    "toes": "toe", "shoes": "shoe", "ties": "tie", "eyes": "eye", "canvas": "canvas", "lens": "lens", "jeans": "jeans",
    "lenses": "lens", "dresses": "dress", "glasses": "glasses", "species": "species", "series": "series",
    "canoes": "canoe", "axes": "axis",
}  # fmt: skip
