package git

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/skeema/knownhosts"
	"golang.org/x/crypto/ssh"

	"github.com/slipway-dev/slipway/internal/secrets/filelock"
)

const hostKeyLockWait = 10 * time.Second

// hostKeys decides which keys of an ssh server are accepted.
type hostKeys struct {
	address string // host:port
	fixed   string // the lines of Target.KnownHosts
	learned string // otherwise: the file in which keys are remembered
}

func newHostKeys(loc location) (*hostKeys, error) {
	port := loc.endpoint.Port
	if port == 0 {
		port = 22
	}
	keys := &hostKeys{address: net.JoinHostPort(loc.endpoint.Host, strconv.Itoa(port)), fixed: loc.KnownHosts}
	if loc.KnownHosts != "" {
		_, err := keys.database()
		return keys, err
	}
	if loc.CacheDir == "" {
		return nil, refused("the key of host %s cannot be checked: give the target known hosts (ssh-keyscan %s), or a cache directory to remember it in", loc.endpoint.Host, loc.endpoint.Host)
	}
	keys.learned = filepath.Join(loc.CacheDir, "known_hosts")
	return keys, nil
}

// database reads the known keys; the library takes files only.
func (k *hostKeys) database() (*knownhosts.HostKeyDB, error) {
	if k.fixed == "" {
		return k.learnedDatabase()
	}
	f, err := os.CreateTemp("", "known_hosts")
	if err != nil {
		return nil, fmt.Errorf("reading the known hosts: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := f.WriteString(k.fixed + "\n"); err != nil {
		return nil, fmt.Errorf("reading the known hosts: %w", err)
	}
	db, err := knownhosts.NewDB(f.Name())
	if err != nil {
		return nil, refused("the known hosts of the target cannot be read (expected lines of ssh-keyscan)")
	}
	return db, nil
}

func (k *hostKeys) learnedDatabase() (*knownhosts.HostKeyDB, error) {
	if err := os.MkdirAll(filepath.Dir(k.learned), 0o700); err != nil {
		return nil, fmt.Errorf("reading %s: %w", k.learned, err)
	}
	f, err := os.OpenFile(k.learned, os.O_CREATE|os.O_RDONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", k.learned, err)
	}
	_ = f.Close()
	db, err := knownhosts.NewDB(k.learned)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", k.learned, err)
	}
	return db, nil
}

// algorithms asks the server for a key of a kind that is known, where one is: it may have several.
func (k *hostKeys) algorithms() ([]string, error) {
	db, err := k.database()
	if err != nil {
		return nil, err
	}
	return db.HostKeyAlgorithms(k.address), nil
}

func (k *hostKeys) check(hostname string, remote net.Addr, key ssh.PublicKey) error {
	if k.learned == "" {
		db, err := k.database()
		if err != nil {
			return err
		}
		return k.explain(db.HostKeyCallback()(hostname, remote, key), key)
	}
	ctx, cancel := context.WithTimeout(context.Background(), hostKeyLockWait)
	defer cancel()
	release, err := filelock.Acquire(ctx, k.learned+".lock")
	if err != nil {
		return err
	}
	defer release()
	db, err := k.database()
	if err != nil {
		return err
	}
	err = db.HostKeyCallback()(hostname, remote, key)
	if knownhosts.IsHostUnknown(err) {
		return k.learn(hostname, key)
	}
	return k.explain(err, key)
}

func (k *hostKeys) learn(hostname string, key ssh.PublicKey) error {
	f, err := os.OpenFile(k.learned, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("remembering the key of host %s: %w", k.address, err)
	}
	_, err = f.WriteString(knownhosts.Line([]string{hostname}, key) + "\n")
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("remembering the key of host %s: %w", k.address, err)
	}
	return nil
}

func (k *hostKeys) explain(err error, key ssh.PublicKey) error {
	if err == nil {
		return nil
	}
	source := "the target's known hosts"
	if k.learned != "" {
		source = k.learned
	}
	if knownhosts.IsHostKeyChanged(err) {
		return refused("host %s shows another key (%s) than the one in %s: somebody may be in between; correct the entry if the host has a new key", k.address, ssh.FingerprintSHA256(key), source)
	}
	return refused("the key of host %s (%s) is not in %s", k.address, ssh.FingerprintSHA256(key), source)
}
