package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// QueueHolds is how many waiting deployments a run of a queue keeps. Those
// behind them stay in the records, where the queue looks when its own are done,
// so that memory, history and the input of the next run stay small however many
// wait.
const QueueHolds = 200

// queueOthers bounds how many waiting items that are no deployments a run keeps.
// The reconciler hands over a resource again that found no place.
const queueOthers = 100

// loadTotal is how long a queue tries to read what waits behind.
const loadTotal = 30 * 24 * time.Hour

// queue is the state of RunEnvironment.
type queue struct {
	waiting []Item
	running *Item
	held    int    // most deployments in waiting; 0 = no bound
	beyond  string // deployments later than this one are in the records only; "" = there are none
	loading bool   // the records are being read: what comes now might be missing there
}

func newQueue(in EnvironmentInput) *queue {
	q := &queue{held: in.Held, beyond: in.Beyond}
	if q.held == 0 { // a run that an earlier build started
		q.waiting = in.Items
		return q
	}
	for _, item := range in.Items {
		q.add(item)
	}
	q.trim()
	return q
}

// enqueue adds items at the end; one that is there already is left where it
// is. Those that an item supersedes have ended in the records before, so
// dropping them here only saves the work of finding that out.
func (q *queue) enqueue(_ workflow.Context, items []Item) error {
	for _, item := range items {
		if _, known := kinds[item.Kind]; !known || item.ID == "" {
			return temporal.NewNonRetryableApplicationError("an item needs a known kind and an id", ErrPermanent, nil)
		}
		q.add(item)
	}
	q.trim()
	return nil
}

func (q *queue) add(item Item) {
	if q.has(item) {
		return
	}
	if item.Policy == "supersede" {
		q.waiting = slices.DeleteFunc(q.waiting, func(w Item) bool { return w.Kind == KindDeployment && w.ID < item.ID && !w.Follow })
	}
	switch {
	case item.Follow: // it runs already: before all that has not begun
		q.waiting = slices.Insert(q.waiting, q.followed(), item)
		return
	case item.Kind == KindDeployment && !q.loading && q.inRecordsOnly(item):
		return
	case item.Kind == KindResource && q.held > 0 && q.others() >= queueOthers:
		return
	}
	q.waiting = q.insert(item)
}

func (q *queue) has(item Item) bool {
	same := func(w Item) bool { return w.Kind == item.Kind && w.ID == item.ID }
	return q.running != nil && same(*q.running) || slices.ContainsFunc(q.waiting, same)
}

func (q *queue) inRecordsOnly(item Item) bool { return q.beyond != "" && item.ID > q.beyond }

// followed counts what is to be followed, which is always in front.
func (q *queue) followed() int {
	at := slices.IndexFunc(q.waiting, func(w Item) bool { return !w.Follow })
	if at < 0 {
		return len(q.waiting)
	}
	return at
}

func (q *queue) others() (n int) {
	for _, w := range q.waiting {
		if w.Kind != KindDeployment {
			n++
		}
	}
	return n
}

// insert keeps deployments in the order of their ids, which is the order in
// which they were accepted: two hand-overs may arrive the wrong way round. The
// destruction of a resource lets an earlier deployment pass.
func (q *queue) insert(item Item) []Item {
	at := len(q.waiting)
	for i := at - 1; i >= 0 && item.Kind == KindDeployment; i-- {
		w := q.waiting[i]
		if w.Kind == KindResource && !w.Follow && q.held > 0 {
			continue
		}
		if w.Kind != KindDeployment || w.Follow || w.ID < item.ID {
			break
		}
		at = i
	}
	return slices.Insert(q.waiting, at, item)
}

// trim drops the latest deployments when there are more than a run holds.
func (q *queue) trim() {
	if q.held == 0 || q.loading {
		return
	}
	var ids []string
	for _, w := range q.waiting {
		if w.Kind == KindDeployment && !w.Follow {
			ids = append(ids, w.ID)
		}
	}
	if len(ids) > q.held {
		q.beyond = ids[q.held-1]
	}
	q.waiting = slices.DeleteFunc(q.waiting, func(w Item) bool { return w.Kind == KindDeployment && !w.Follow && q.inRecordsOnly(w) })
}

// load reads the next deployments from the records.
func (q *queue) load(ctx workflow.Context, env Env) error {
	var page WaitingResult
	q.loading = true
	options := persistent(ctx, time.Minute, loadTotal, "what waits behind "+q.beyond)
	err := workflow.ExecuteActivity(options, WaitingActivity, Waiting{Env: env, After: q.beyond, Limit: q.held}).Get(ctx, &page)
	q.loading = false
	if err != nil {
		return err
	}
	q.beyond = ""
	if page.More && len(page.Items) > 0 {
		q.beyond = page.Items[len(page.Items)-1].ID
	}
	for _, item := range page.Items {
		q.add(item)
	}
	q.trim()
	return nil
}

func (q *queue) next() (Item, bool) {
	if len(q.waiting) == 0 {
		return Item{}, false
	}
	item := q.waiting[0]
	q.waiting = q.waiting[1:]
	q.running = &item
	return item, true
}

func (q *queue) view() (EnvironmentQueue, error) {
	return EnvironmentQueue{Running: q.running, Waiting: q.waiting, Beyond: q.beyond}, nil
}

// rest is the input of the next run: what runs is followed, what waits is
// carried along.
func (q *queue) rest(env Env) EnvironmentInput {
	next := EnvironmentInput{Env: env, Items: q.waiting, Held: q.held, Beyond: q.beyond}
	if q.held == 0 { // a run of an earlier build may hold any number
		q.held = QueueHolds
		q.trim()
		next.Items, next.Held, next.Beyond = q.waiting, q.held, q.beyond
	}
	if q.running != nil {
		running := *q.running
		running.Follow = true
		next.Items = append([]Item{running}, next.Items...)
	}
	return next
}
