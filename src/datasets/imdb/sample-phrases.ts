import type { Phrases } from "./phrase-book.js";

// Written for this project. A slot in braces is filled from the list of that name; "good" and "bad" adjectives and what
// is said with them carry the sentiment, everything else is noise.

const people = [
  "mara",
  "jonas",
  "odette",
  "felix",
  "ines",
  "tobias",
  "lena",
  "oscar",
  "paula",
  "viktor",
  "noor",
  "dario",
  "greta",
  "milan",
  "sofia",
  "ruben",
  "yasmin",
  "emil",
  "carla",
  "anton",
].flatMap((first) =>
  [
    "lindqvist",
    "okafor",
    "moreau",
    "castellan",
    "varga",
    "hollis",
    "tanaka",
    "brandt",
    "quiroga",
    "ellsworth",
  ].map((last) => `${first[0]?.toUpperCase()}${first.slice(1)} ${last[0]?.toUpperCase()}${last.slice(1)}`),
);

/** Lists that fill slots. */
const slots = {
  good: "wonderful brilliant touching superb charming fresh clever gripping beautiful delightful perfect great funny moving masterful subtle lovely solid rich sharp memorable honest warm thrilling".split(
    " ",
  ),
  bad: "terrible boring dull weak lifeless clumsy predictable painful bad flat stale pointless poor tedious silly wooden lazy messy cheap shallow forgettable dishonest cold ridiculous".split(
    " ",
  ),
  goodVerb: ["loved", "enjoyed", "adored", "admired"],
  badVerb: ["hated", "disliked", "regretted", "resented"],
  part: "story acting plot ending script music camera dialogue pacing cast direction photography beginning costumes humour suspense editing romance soundtrack scenery lighting villain hero twist".split(
    " ",
  ),
  adverb: ["really", "truly", "very", "rather", "simply", "quite", "surprisingly", "consistently"],
  genre: [
    "comedy",
    "drama",
    "thriller",
    "western",
    "musical",
    "romance",
    "documentary",
    "horror film",
    "war film",
    "cartoon",
  ],
  person: people,
  job: "teacher sailor baker detective painter nurse farmer lawyer pianist journalist carpenter widow student captain gardener".split(
    " ",
  ),
  event: [
    "loses a letter",
    "inherits a house",
    "misses the last train",
    "finds an old map",
    "returns after ten years",
    "opens a small hotel",
    "adopts a stray dog",
    "hides from the police",
    "falls in love",
    "looks for a missing brother",
  ],
  place: [
    "Lisbon",
    "a village in the north",
    "the desert",
    "Chicago",
    "an old factory",
    "the mountains",
    "Prague",
    "a small harbour",
    "Buenos Aires",
    "the suburbs",
    "an empty theatre",
    "Montreal",
  ],
  when: [
    "last night",
    "on a Sunday",
    "years ago",
    "at a festival",
    "on television",
    "on a long flight",
    "when it came out",
  ],
  company: ["my sister", "two friends", "my parents", "nobody else", "a full house", "my children"],
  thing:
    "horse clock bicycle piano suitcase lamp violin boat telephone mirror birthday cake wedding dress".split(
      " ",
    ),
  year: Array.from({ length: 60 }, (_, index) => String(1945 + index)),
  minutes: ["80", "90", "95", "105", "120", "135", "150"],
  goodMark: ["7", "8", "9", "10"],
  badMark: ["1", "2", "3", "4"],
} as const;

const neutral = [
  "The story follows {person}, a {job} who {event} in {place}.",
  "{person} plays the {job}, and {person} is the {job}.",
  "I saw it {when} with {company}.",
  "It was shot in {place} in {year}.",
  "The film runs for {minutes} minutes.",
  "There is a long scene in {place} with a {thing} and a {thing}.",
  "It is a {genre} from {year} about a {job} and a {job}.",
  "{person} wrote the script, which is about a {job} who {event}.",
  "Then the {job} {event}, and the {job} {event}.",
  "At first I thought it was a {genre}.",
  "You may know {person} from a {genre} of {year}.",
  "<br /><br />",
];

const good = [
  "The {part} is {adverb} {good}.",
  "I thought that the {part} was {good} and the {part} was {good}.",
  "What a {good} {part}!",
  "{person} gives a {good} performance.",
  "The {part} was never {bad}.",
  "I {goodVerb} the {part}.",
  "It isn't {bad} at all, it's {good}.",
  "You won't find a more {good} {genre}.",
  "{person} is {good} as the {job}.",
];

const bad = [
  "The {part} is {adverb} {bad}.",
  "I thought that the {part} was {bad} and the {part} was {bad}.",
  "What a {bad} {part}!",
  "{person} gives a {bad} performance.",
  "The {part} was never {good}.",
  "I {badVerb} the {part}.",
  "It isn't {good} at all, it's {bad}.",
  "You won't find a more {bad} {genre}.",
  "{person} is {bad} as the {job}.",
];

const goodVerdict = [
  "I would recommend this film to everybody.",
  "Go and see it!",
  "One of the best films of {year}.",
  "{goodMark} out of 10.",
  "A {good} film that I will watch again.",
];

const badVerdict = [
  "I would not recommend this film to anybody.",
  "Stay away from it!",
  "One of the worst films of {year}.",
  "{badMark} out of 10.",
  "A {bad} film and a waste of time.",
];

export const phrases = { slots, neutral, good, bad, goodVerdict, badVerdict } satisfies Phrases;
