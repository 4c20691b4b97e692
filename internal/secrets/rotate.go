package secrets

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/slipway-dev/slipway/internal/secrets/filelock"
)

const rotateLockWait = 30 * time.Second

// Key describes one encryption key of a keyset.
type Key struct {
	ID      string // decimal, as KeyIDOf gives it
	Primary bool   // it encrypts
	Staged  bool   // it will encrypt after the next Rotate
	// RetiredAt is when it stopped encrypting; zero for the primary and the staged one, and when nobody noted it.
	RetiredAt time.Time
}

// Keys lists the encryption keys as they are in the keyset file, oldest first.
func (k *Keeper) Keys() ([]Key, error) {
	k.mu.RLock()
	keys := k.keys
	k.mu.RUnlock()
	if k.path != "" {
		var err error
		if keys, err = readKeyset(k.path); err != nil {
			return nil, err
		}
	}
	var out []Key
	for _, id := range keys.ids() {
		out = append(out, Key{
			ID: strconv.FormatUint(uint64(id), 10), Primary: id == keys.primary(), Staged: id == keys.stagedKey(), RetiredAt: keys.retired[id],
		})
	}
	return out, nil
}

// Has reports whether there is a key with this id, in decimal, for which it looks into the keyset file once more.
func (k *Keeper) Has(id string) bool {
	number, err := strconv.ParseUint(id, 10, 32)
	if err != nil {
		return false
	}
	_, err = k.primitiveFor(uint32(number))
	return err == nil
}

// Rotate makes the staged key, or else a new one, the primary key and replaces the keyset file atomically. Older keys go
// on decrypting. Rotations by several processes are serialized by a lock file beside the keyset, and each starts from
// what is on disk, so none loses another's key. Processes that have the file open follow within seconds. Where several
// machines hold copies of the file, Stage first and hand out the copy, so that all can read what is written from now on.
func (k *Keeper) Rotate() error {
	return k.change("rotating", func(current *keysetFile) (*keysetFile, error) { return current.rotated(time.Now()) })
}

// Stage adds a key that decrypts only, until Rotate makes it the primary one. A key that is staged already is kept.
func (k *Keeper) Stage() error {
	return k.change("staging a key in", func(current *keysetFile) (*keysetFile, error) {
		if current.stagedKey() != 0 {
			return current, nil
		}
		return current.staged()
	})
}

// Prune removes the keys that stopped encrypting before the given time, unless inUse says that there are values of them,
// and names them. What was encrypted with a removed key cannot be read any more.
func (k *Keeper) Prune(before time.Time, inUse func(id string) bool) ([]string, error) {
	var removed []string
	err := k.change("pruning", func(current *keysetFile) (*keysetFile, error) {
		var ids []uint32
		removed = nil
		for id, at := range current.retired {
			name := strconv.FormatUint(uint64(id), 10)
			if !current.has(id) || id == current.primary() || !at.Before(before) || inUse(name) {
				continue
			}
			ids, removed = append(ids, id), append(removed, name)
		}
		if len(ids) == 0 {
			return current, nil
		}
		return current.without(ids)
	})
	if err != nil {
		return nil, err
	}
	return removed, nil
}

// change replaces the keyset file by what fn makes of it, one process at a time.
func (k *Keeper) change(doing string, fn func(*keysetFile) (*keysetFile, error)) error {
	if k.path == "" {
		return errors.New("this keyset was not read from a file; change it where it is kept and restart")
	}
	ctx, cancel := context.WithTimeout(context.Background(), rotateLockWait)
	defer cancel()
	release, err := filelock.Acquire(ctx, k.path+".lock")
	if err != nil {
		return fmt.Errorf("%s keyset %s: %w", doing, k.path, err)
	}
	defer release()

	k.mu.Lock()
	defer k.mu.Unlock()
	current, err := readKeyset(k.path)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	next, err := fn(current)
	if err != nil {
		return fmt.Errorf("%s keyset %s: %w", doing, k.path, err)
	}
	if next != current {
		raw, err := next.marshal()
		if err != nil {
			return fmt.Errorf("%s keyset %s: %w", doing, k.path, err)
		}
		if err := replaceFile(k.path, raw); err != nil {
			return fmt.Errorf("%s keyset %s: %w", doing, k.path, err)
		}
	}
	return k.use(next)
}
