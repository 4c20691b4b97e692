package chaos

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// table sums up the cases by what was done.
type table struct {
	kills, seed int
	order       []string
	rows        map[string]*row
}

type row struct {
	cases, hit, succeeded, failed int
	asked                         int
	answered                      answers
	repeats, broken               int
	longest                       time.Duration
}

func newTable(kills, seed int) *table {
	return &table{kills: kills, seed: seed, rows: map[string]*row{}}
}

func (t *table) add(f fault, o outcome) {
	kind := f.kind()
	r := t.rows[kind]
	if r == nil {
		r = &row{}
		t.rows[kind] = r
		t.order = append(t.order, kind)
	}
	r.add(row{cases: 1, asked: o.asked, answered: o.answered, repeats: o.repeats, broken: len(o.broken), longest: o.took})
	if o.where != "" {
		r.hit++
	}
	switch o.status {
	case "succeeded":
		r.succeeded++
	case "failed":
		r.failed++
	}
}

func (r *row) add(o row) {
	r.cases, r.hit, r.succeeded, r.failed = r.cases+o.cases, r.hit+o.hit, r.succeeded+o.succeeded, r.failed+o.failed
	r.asked, r.repeats, r.broken = r.asked+o.asked, r.repeats+o.repeats, r.broken+o.broken
	r.answered.imported += o.answered.imported
	r.answered.retried += o.answered.retried
	r.answered.accepted += o.answered.accepted
	r.longest = max(r.longest, o.longest)
}

func (t *table) broken() (n int) {
	for _, r := range t.rows {
		n += r.broken
	}
	return n
}

func (t *table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "KILLS=%d SEED=%d\n\n", t.kills, t.seed)
	b.WriteString("| what | cases | hit | succeeded | failed | stopped for a person | import / retry / accept | deployed again | laws broken | longest |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|\n")
	all := row{}
	names := slices.Clone(t.order)
	slices.Sort(names)
	for _, name := range names {
		all.add(*t.rows[name])
		t.rows[name].write(&b, name)
	}
	all.write(&b, "**all**")
	return b.String()
}

func (r *row) write(b *strings.Builder, name string) {
	fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d | %d / %d / %d | %d | %d | %s |\n", name, r.cases, r.hit, r.succeeded, r.failed, r.asked,
		r.answered.imported, r.answered.retried, r.answered.accepted, r.repeats, r.broken, r.longest.Round(100*time.Millisecond))
}
