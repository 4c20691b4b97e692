package orchestrator

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
)

// idClock hands out deployment ids: creation times that never repeat within
// this process.
type idClock struct {
	mu   sync.Mutex
	last int64
}

// next returns a time not before now and after both the last one handed out
// and the id given as floor ("" = none), with its id.
func (c *idClock) next(now time.Time, floor string) (time.Time, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := now.UnixNano()
	if n <= c.last {
		n = c.last + 1
	}
	if f, err := deploymentTime(floor); err == nil && n <= f {
		n = f + 1
	}
	c.last = n
	return time.Unix(0, n).UTC(), fmt.Sprintf("%016x", n)
}

// deploymentTime is the inverse: the Unix nanoseconds of a deployment id.
func deploymentTime(id string) (int64, error) {
	var n int64
	if len(id) != 16 {
		return 0, fmt.Errorf("%q is no deployment id", id)
	}
	_, err := fmt.Sscanf(id, "%016x", &n)
	return n, err
}

// newUUID returns a random UUID.
func newUUID() string { return uuid.NewString() }

// randomHex returns n random bytes as lower-case hex.
func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}
