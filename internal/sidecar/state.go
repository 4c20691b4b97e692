package sidecar

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"
)

// StateKey is the key of the state in its Secret: the file, compressed with gzip.
const StateKey = "state"

// MaxState bounds a compressed state, in bytes: a Secret holds 1 MiB.
const MaxState = 1000 << 10

// maxPlainState bounds what is unpacked.
const maxPlainState = 256 << 20

const (
	// stateEvery is how often the file of the state is looked at.
	stateEvery = 200 * time.Millisecond
	// stateWithin is how long an API server may be away when the last state is to be stored.
	stateWithin = 10 * time.Minute
)

// Pack compresses a state. One that does not fit into a Secret is an error.
func Pack(state []byte) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(state)
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("compress the state: %w", err)
	}
	if out.Len() > MaxState {
		return nil, fmt.Errorf("the state takes %d bytes when compressed, and %d fit into a Secret; configure a backend in the code, with use_default_backend false", out.Len(), MaxState)
	}
	return out.Bytes(), nil
}

// Unpack is the reverse of Pack; nothing is nothing.
func Unpack(packed []byte) ([]byte, error) {
	if len(packed) == 0 {
		return nil, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack the state: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(r, maxPlainState+1))
	if err != nil {
		return nil, fmt.Errorf("unpack the state: %w", err)
	}
	if len(out) > maxPlainState {
		return nil, fmt.Errorf("unpack the state: it has more than %d bytes", maxPlainState)
	}
	return out, nil
}

// PlaceState puts the state from a mounted Secret where the engine looks for it, in
// place of any that a source brings along. file is below shared.
func PlaceState(from, shared, file string) error {
	packed, err := os.ReadFile(filepath.Join(from, StateKey))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the state: %w", err)
	}
	state, err := Unpack(packed)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(shared)
	if err != nil {
		return fmt.Errorf("open the shared directory: %w", err)
	}
	defer func() { _ = root.Close() }()
	inside, err := root.OpenRoot(path.Dir(file))
	if err != nil {
		return fmt.Errorf("open the folder of the code: %w", err)
	}
	defer func() { _ = inside.Close() }()
	for _, old := range []string{path.Base(file), path.Base(file) + ".backup"} {
		if err := inside.RemoveAll(old); err != nil {
			return fmt.Errorf("clear the folder of the code of states: %w", err)
		}
	}
	if len(state) == 0 {
		return nil
	}
	if err := writeOpen(inside, path.Base(file), state, 0o666); err != nil {
		return fmt.Errorf("write the state: %w", err)
	}
	return nil
}

// carryState carries the file of the state into its Secret whenever it has changed,
// until ctx ends, and then what it has become. So a pod that dies loses at most what
// was written in the last moments.
func carryState(ctx context.Context, o DeliverOptions) error {
	root, err := os.OpenRoot(o.Shared)
	if err != nil {
		return fmt.Errorf("open the shared directory: %w", err)
	}
	defer func() { _ = root.Close() }()
	var carried []byte
	var last fs.FileInfo
	tick := time.NewTicker(stateEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			continue
		case <-tick.C:
		}
		info, err := root.Stat(o.StatePath)
		if err != nil || last != nil && info.ModTime().Equal(last.ModTime()) && info.Size() == last.Size() {
			continue
		}
		raw, packed, err := readState(root, o.StatePath)
		if err != nil || bytes.Equal(raw, carried) {
			continue // half written: the next look decides
		}
		limit, stop := context.WithTimeout(ctx, 20*time.Second)
		err = patch(limit, o, o.StateSecret, map[string][]byte{StateKey: packed})
		stop()
		if err != nil {
			fmt.Fprintln(os.Stderr, "carry the state:", err)
			continue
		}
		carried, last = raw, info
	}
	raw, packed, err := readState(root, o.StatePath)
	if errors.Is(err, fs.ErrNotExist) || err == nil && bytes.Equal(raw, carried) {
		return nil
	}
	if err != nil {
		// It is said where the worker reads what went wrong: what is stored is older than what the engine has done.
		err = fmt.Errorf("the state that the engine left cannot be kept: %w", err)
		data := map[string][]byte{KeyError: []byte(err.Error()), KeyDelivered: []byte("true")}
		return errors.Join(err, insist(ctx, o, o.Secret, data, deliverWithin))
	}
	return insist(ctx, o, o.StateSecret, map[string][]byte{StateKey: packed}, stateWithin)
}

// readState reads a state that is complete.
func readState(root *os.Root, name string) (raw, packed []byte, err error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }()
	if raw, err = io.ReadAll(io.LimitReader(f, maxPlainState+1)); err != nil {
		return nil, nil, err
	}
	if !json.Valid(raw) {
		return nil, nil, errors.New("it is no JSON")
	}
	packed, err = Pack(raw)
	return raw, packed, err
}
