package secrets

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// Keeper encrypts and decrypts values with a set of AES-256-GCM keys, of which one (the primary) encrypts and all
// decrypt. A ciphertext names its key, so keys can be rotated while older ciphertexts stay readable. A Keeper is safe
// for concurrent use.
type Keeper struct {
	path string

	mu      sync.RWMutex
	seen    fileStamp
	looked  time.Time
	keys    *keysetFile
	aead    tink.AEAD
	macRoot []byte
}

// ErrUnknownKey says that a ciphertext was made with a key that the keyset does not hold.
var ErrUnknownKey = errors.New("the keyset holds no key with this id")

// Open reads the keyset at path. It fails when there is none (errors.Is fs.ErrNotExist; see Create), when the file can
// be written by others, or when it is not a keyset.
func Open(path string) (*Keeper, error) {
	stamp := stampOf(path)
	keys, err := readKeyset(path)
	if err != nil {
		return nil, err
	}
	return newKeeper(path, stamp, keys)
}

// Create makes a keyset with one key at path (mode 0600) and opens it. It refuses to overwrite a file: the values
// encrypted with the keys in it would be lost (errors.Is fs.ErrExist).
func Create(path string) (*Keeper, error) {
	keys, err := generateKeyset()
	if err != nil {
		return nil, err
	}
	raw, err := keys.marshal()
	if err != nil {
		return nil, err
	}
	if err := writeNew(path, raw); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("keyset %s: exists already and is not overwritten: %w", path, fs.ErrExist)
		}
		return nil, fmt.Errorf("keyset %s: cannot be created: %w", path, err)
	}
	return newKeeper(path, stampOf(path), keys)
}

// FromJSON takes the content of a keyset file, as it comes from an environment variable. Such a Keeper cannot Rotate.
func FromJSON(raw []byte) (*Keeper, error) {
	keys, err := parseKeyset(raw)
	if err != nil {
		return nil, err
	}
	return newKeeper("", fileStamp{}, keys)
}

// followEvery is how often a Keeper that encrypts looks whether another process has changed the keyset file.
const followEvery = 5 * time.Second

// fileStamp tells whether a file was replaced.
type fileStamp struct {
	modified time.Time
	size     int64
}

func stampOf(path string) fileStamp {
	info, err := os.Stat(path)
	if err != nil {
		return fileStamp{}
	}
	return fileStamp{modified: info.ModTime(), size: info.Size()}
}

// Open and Create stamp the file before they read it: a change in between is seen as one.
func newKeeper(path string, stamp fileStamp, keys *keysetFile) (*Keeper, error) {
	k := &Keeper{path: path, seen: stamp, looked: time.Now()}
	if err := k.use(keys); err != nil {
		return nil, err
	}
	return k, nil
}

// use swaps the keys; the caller holds the lock or has not shared the Keeper yet.
func (k *Keeper) use(keys *keysetFile) error {
	primitive, err := keys.primitive()
	if err != nil {
		return err
	}
	root, err := keys.macRoot()
	if err != nil {
		return err
	}
	k.keys, k.aead, k.macRoot = keys, primitive, root
	return nil
}

// follow takes over the keyset file when another process has changed it, so that every process uses a new primary key
// within seconds. What cannot be read is left for later: the keys at hand are good.
func (k *Keeper) follow() {
	if k.path == "" {
		return
	}
	k.mu.RLock()
	due := time.Since(k.looked) >= followEvery
	k.mu.RUnlock()
	if !due {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.looked) < followEvery {
		return
	}
	k.looked = time.Now()
	stamp := stampOf(k.path)
	if stamp == k.seen {
		return
	}
	fresh, err := readKeyset(k.path)
	if err != nil || !fresh.sameMAC(k.keys) { // another MAC key is the keyset of another installation
		return
	}
	if k.use(fresh) == nil {
		k.seen = stamp
	}
}

// Encrypt seals plaintext with the primary key. associatedData is authenticated but not stored: the same bytes must be
// given to Decrypt. Use it to bind a value to its place (organization, resource), so that a ciphertext cannot be moved.
func (k *Keeper) Encrypt(plaintext, associatedData []byte) ([]byte, error) {
	k.follow()
	k.mu.RLock()
	primitive := k.aead
	k.mu.RUnlock()
	sealed, err := primitive.Encrypt(plaintext, associatedData)
	if err != nil {
		return nil, fmt.Errorf("encrypting a value: %w", err)
	}
	return sealed, nil
}

// Decrypt opens what Encrypt made. When the ciphertext names a key that is not known, the keyset file is read once more,
// because another process may have rotated it; ErrUnknownKey is returned if that does not help.
func (k *Keeper) Decrypt(ciphertext, associatedData []byte) ([]byte, error) {
	id, err := keyIDOf(ciphertext)
	if err != nil {
		return nil, err
	}
	primitive, err := k.primitiveFor(id)
	if err != nil {
		return nil, err
	}
	plaintext, err := primitive.Decrypt(ciphertext, associatedData)
	if err != nil {
		return nil, fmt.Errorf("decrypting a value of key %d: the value was changed, or belongs to another place", id)
	}
	return plaintext, nil
}

func (k *Keeper) primitiveFor(id uint32) (tink.AEAD, error) {
	k.mu.RLock()
	primitive, known := k.aead, k.keys.has(id)
	k.mu.RUnlock()
	if known {
		return primitive, nil
	}
	if k.path == "" {
		return nil, fmt.Errorf("decrypting a value of key %d: %w", id, ErrUnknownKey)
	}

	k.mu.Lock()
	defer k.mu.Unlock()
	fresh, err := readKeyset(k.path)
	if err != nil {
		return nil, fmt.Errorf("decrypting a value of key %d: %w", id, err)
	}
	if !fresh.has(id) {
		return nil, fmt.Errorf("decrypting a value of key %d: %w: %s", id, ErrUnknownKey, k.path)
	}
	if err := k.use(fresh); err != nil {
		return nil, err
	}
	return k.aead, nil
}

// PrimaryKeyID names the key that encrypts now, in decimal.
func (k *Keeper) PrimaryKeyID() string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return strconv.FormatUint(uint64(k.keys.primary()), 10)
}

// KeyIDOf reads from a ciphertext which key made it, in decimal, so that a re-encryption knows what is still to do. It
// fails for bytes that are no ciphertext of a Keeper.
func KeyIDOf(ciphertext []byte) (string, error) {
	id, err := keyIDOf(ciphertext)
	if err != nil {
		return "", err
	}
	return strconv.FormatUint(uint64(id), 10), nil
}

// A ciphertext is one marker byte, the key id in four big-endian bytes, a nonce, the sealed value and a tag: the
// "TINK" output prefix followed by AES-GCM, https://developers.google.com/tink/wire-format.
const (
	prefixMarker = 0x01
	prefixSize   = 5
	nonceSize    = 12
	tagSize      = 16
)

func keyIDOf(ciphertext []byte) (uint32, error) {
	if len(ciphertext) < prefixSize+nonceSize+tagSize || ciphertext[0] != prefixMarker {
		return 0, errors.New("the value is not a ciphertext of this keeper (too short, or another format)")
	}
	return binary.BigEndian.Uint32(ciphertext[1:prefixSize]), nil
}

// MAC fingerprints data for one purpose: HMAC-SHA256, 32 bytes, with a key of its own in the keyset, so the result stays
// the same when encryption keys are rotated. Equal data gives an equal MAC only within the same purpose.
func (k *Keeper) MAC(purpose string, data []byte) []byte {
	k.mu.RLock()
	root := k.macRoot
	k.mu.RUnlock()
	h := hmac.New(sha256.New, root)
	var size [8]byte
	// The length keeps ("ab", "c") apart from ("a", "bc").
	binary.BigEndian.PutUint64(size[:], uint64(len(purpose)))
	h.Write(size[:])
	h.Write([]byte(purpose))
	h.Write(data)
	return h.Sum(nil)
}

func readKeyset(path string) (*keysetFile, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keyset %s: does not exist; create one, or give its content in SLIPWAY_KEYSET: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("keyset %s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("keyset %s: is not a file", path)
	}
	// Reading by a group is left alone: that is how a Kubernetes Secret is mounted for a non-root user.
	if writableByOthers(info.Mode()) {
		return nil, fmt.Errorf("keyset %s: can be written by others (mode %04o); chmod 600 it", path, info.Mode().Perm())
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("keyset %s: %w", path, err)
	}
	keys, err := parseKeyset(raw)
	if err != nil {
		return nil, fmt.Errorf("keyset %s: %w", path, err)
	}
	return keys, nil
}
