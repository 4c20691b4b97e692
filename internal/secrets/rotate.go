package secrets

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slipway-dev/slipway/internal/secrets/filelock"
)

const rotateLockWait = 30 * time.Second

// Rotate adds a key, makes it the primary one and replaces the keyset file atomically. Older keys go on decrypting.
// Rotations by several processes are serialized by a lock file beside the keyset, and each starts from what is on disk,
// so none loses another's key. Where several machines hold copies of the file, hand out the new one before they need to
// read what the rotating machine writes from now on.
func (k *Keeper) Rotate() error {
	if k.path == "" {
		return errors.New("this keyset was not read from a file; rotate it where it is kept and restart")
	}
	ctx, cancel := context.WithTimeout(context.Background(), rotateLockWait)
	defer cancel()
	release, err := filelock.Acquire(ctx, k.path+".lock")
	if err != nil {
		return fmt.Errorf("rotating keyset %s: %w", k.path, err)
	}
	defer release()

	k.mu.Lock()
	defer k.mu.Unlock()
	current, err := readKeyset(k.path)
	if err != nil {
		return fmt.Errorf("rotating: %w", err)
	}
	next, err := current.rotated()
	if err != nil {
		return fmt.Errorf("rotating keyset %s: %w", k.path, err)
	}
	raw, err := next.marshal()
	if err != nil {
		return fmt.Errorf("rotating keyset %s: %w", k.path, err)
	}
	if err := replaceFile(k.path, raw); err != nil {
		return fmt.Errorf("rotating keyset %s: %w", k.path, err)
	}
	return k.use(next)
}
