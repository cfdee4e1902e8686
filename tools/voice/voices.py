"""Which synthetic voices train, which only evaluate, and which speak the demo. Knows names only; no audio."""

LANGUAGE_VOICES = {"zh": "cmn-latn-pinyin", "en": "en-us"}
"""espeak-ng's voice of each language: its `cmn` reads hanzi as noise, `cmn-latn-pinyin` reads them."""

DIALOGUE_VOICES = {"agent": "m3", "customer": "f4"}
"""Variants that speak the demo's dialogues. Training never hears them."""

PROMPT_VOICE = "f2"
"""The variant of the shipped prompts (eslbot.prompts). Training never hears it."""

EVALUATION_VOICES = ("m2", "m7", "f3", "Andy", "Annie", "linda", "Mario", "ed")
"""Variants the accuracy table is measured on. Training never hears them."""

TRAINING_VOICES = (
    "Alex", "Alicia", "Andrea", "AnxiousAndy", "Denis", "Diogo", "Gene", "Gene2", "Henrique", "Hugo", "Jacky", "Lee",
    "Marco", "Michael", "Mike", "Mr serious", "Nguyen", "Reed", "RicishayMax", "Storm", "Tweaky", "adam", "anika",
    "antonio", "aunty", "belinda", "benjamin", "boris", "caleb", "david", "edward", "edward2", "f1", "f5", "gustave",
    "ian", "iven", "iven2", "iven3", "john", "klatt", "klatt2", "klatt4", "m1", "m4", "m5", "m6", "m8", "marcelo",
    "max", "michel", "miguel", "norbert", "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro", "shelby",
    "steph", "steph2", "travis", "victor", "zac",
)  # fmt: skip
"""The variants that train: all of espeak-ng's that sound like somebody, less the ones above."""
