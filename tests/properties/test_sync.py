"""Any order, repetition and delay of the same words gives the same responses."""

from hypothesis import given
from hypothesis import strategies as st

from exams import sync
from exams.sync import Entry, Judged, Slot, Verdict

entries = st.builds(
    Entry,
    slot=st.integers(1, 4),
    chosen=st.integers(0, 15),
    sequence=st.integers(1, 6),
    epoch=st.integers(1, 2),
)


@given(st.lists(entries, max_size=30), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_give_the_same_responses(sent, dice):
    again = sent + [dice.choice(sent) for _ in range(5) if sent]
    dice.shuffle(again)

    assert sync.counting(sent) == sync.counting(again)


@given(st.lists(entries, max_size=30))
def test_judging_one_by_one_agrees_with_what_counts_in_the_end(sent):
    held: dict[int, sync.Rank] = {}
    for entry in sent:
        if sync.judge(entry, held.get(entry.slot)).verdict is Verdict.ACCEPTED:
            held[entry.slot] = entry.rank

    assert held == {slot: entry.rank for slot, entry in sync.counting(sent).items()}


@given(st.lists(entries, min_size=1, max_size=30), st.data())
def test_of_one_phone_the_newest_word_counts(sent, data):
    slot = data.draw(st.sampled_from([entry.slot for entry in sent]))
    mine = [entry for entry in sent if entry.slot == slot]

    counts = sync.counting(sent)[slot]

    assert (counts.epoch, counts.sequence) == max((one.epoch, one.sequence) for one in mine)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
almost = st.fixed_dictionaries({"slot": json, "sequence": json, "chosen": json})


@given(json | almost)
def test_whatever_a_phone_sends_is_read_or_refused_and_nothing_breaks(raw):
    slots = {1: Slot(option_count=4, many=True)}

    read = sync.read(raw, slots, epoch=1)

    assert isinstance(read, Judged | Entry)
    if isinstance(read, Entry):
        assert raw["slot"] == 1
        assert sync.options(read.chosen) == sorted(set(raw["chosen"]))


@given(st.sets(st.integers(0, 40)))
def test_bits_hold_every_set_of_options(chosen):
    assert sync.options(sync.bits(chosen)) == sorted(chosen)
