"""The small words around an English phrase, by what they do to it (grammar.py says what each kind means).

As folded text has them: dont, its. Knows words, and nothing of how they are used. Pure.
"""

from eslbot.judge.grammar import Grammar

ENGLISH = Grammar(
    before={
        "negation": (
            "not, never, neither, nor, nobody, no one, noone, none, nothing, without, hardly, cannot, cant, "
            "doesnt, didnt, isnt, arent, wasnt, werent, wont, wouldnt, couldnt, shouldnt, havent, hasnt, hadnt, "
            "mustnt, who can, who could, how can, how could, aint"
        ),
        "existence": "no",
        "wish": "dont, do not",
        "modal": "can, could, will, would, may, might",
        "stop": (
            "not only, not just, not merely, not simply, why not, why dont you, why dont we, why wouldnt you, "
            "why would i, why would we, no doubt, no wonder, no question, no problem, no matter, cant help but, "
            "isnt it, arent they, isnt this, isnt that"
        ),
        "quotation": (
            "whether, asking if, asked if, ask if, wondering if, wonder if, asking is, i heard, heard that, "
            "heard it is, beware of, watch out for, careful of, avoid, so called, a lie to, illegal to, "
            "unlawful to, forbidden to, prohibited to, wrong to, against the law to, you said, you say, "
            "you mentioned, you asked, you told me, youre saying, you are saying, you heard, claim of, "
            "claims of, claiming to be, claims to be, claim to be, pretend to be, pretends to be, "
            "pretending to be, rumor, rumour"
        ),
        "other": (
            "some, someone, somebody, anyone, anybody, people, they, scammers, scammer, fraudsters, criminals, "
            "strangers, whoever, callers, a caller, a stranger, others, other people, some people, those, many, "
            "websites, if anyone, if someone"
        ),
        "speech": (
            "say, says, said, saying, tell, tells, told, telling, claim, claims, claimed, claiming, promise, "
            "promises, promised, promising, offer, offers, offering, guarantee, guarantees, call it, calls it, "
            "call you, calls you, ask for, asks for, ask you for, asks you for, asking for, ask, asks, think, "
            "mean, advertise, state, suggest, threaten, threatened, threatens"
        ),
        "question": (
            "is it, are they, is this, is that, are these, are those, will it be, would it be, was it, "
            "were you, did anyone, has anyone, did someone, has someone, did they, have they, am i"

        ),
        "rhetoric": "",
        "copula": "is, are, was, were, be, being, been, its, thats, theyre, am, im",
        "object verb": "",
        "subject": "it, this, that, these, we, i, you, he, she, there, theres, they, our, the product, this product",
        "filler": (
            "a, an, any, the, as, of, to, from, for, such, thing, things, has, have, had, having, get, gets, "
            "give, gives, provide, ever, really, actually, completely, totally, absolutely, entirely, always, "
            "necessarily, who, which, that, investment, investments, return, returns, product, fund, your, my, "
            "our, them, him, her, be, allowed, permitted, able, let, lets, let us, allow, allows, life, in life, "
            "give anyone, tell anyone, to anyone, give anybody, our company, our staff, company, staff, team, "
            "here, going, gonna, trying, legally, anything, something, one, kind, at all, it as, come, with, in, "
            "and you, us, out, so, quite"
        ),
    },
    after={
        "filler": (
            "these, those, all, always, usually, probably, just, really, simply, such, things, thing, offers, "
            "claims, deals, investment, investments, schemes, scheme, products, product, returns, return, a, an, "
            "the, either, almost, certainly, sounds, sound, like, of, to, any, in, this, that, it, of course, "
            "we, i, actually, literally, clearly, obviously, some, one, be, would, will, basically"
        ),
        "copula": "is, are, was, were, its, thats, be, being",
        "negation": "not, isnt, arent, never, no, wasnt, cant be, cannot be, cant, cannot",
        "refuted": (
            "not true, isnt true, not possible, isnt possible, arent possible, not real, isnt real, arent real, "
            "doesnt exist, dont exist, does not exist, do not exist, not allowed, arent allowed, isnt allowed, "
            "too good to be true, never happen, never happens, not something, isnt something, arent something, "
            "hang up, call the police, dont believe it, do not believe it, dont trust it, nonsense, "
            "against the law"
        ),
        "refuted as": (
            "impossible(?!to lose), scam, scams, lie, lies, fake, fraud, fraudulent, illegal, unlawful, false, "
            "scammer, scammers, myth, criminal, criminals, fraudster, fraudsters, prohibited, forbidden, "
            "nonsense, misleading, trick, bogus, liar, liars"
        ),
        "question": "",
        "stop": "",
    },
    offers=r"(?:can|could|would|will|do|may|shall) (?:you|we|i)\b|please|give|tell|send",
    joints=" ?| and | or | and also | nor ",
    rest="",
    straddled="",
    far="",
    fears="",
    commands="stop |dont |do not |please |never call",
    bids="stop|dont|do not|i want|please|never call|remove|take me",
    condition="(?:then |or |we |i )*(?:will|cant|cannot|wont) ",
)
