package secrets

import (
	"bytes"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const keysetVersion = 1

// keysetFile is the content of a keyset file: two Tink keysets in Tink's own JSON form, one for encryption, which
// rotates, and one from which MAC keys are derived, which does not.
type keysetFile struct {
	encryption *keyset.Handle
	mac        *keyset.Handle
	// retired says since when a key does not encrypt any more, by key id.
	retired map[uint32]time.Time
}

type keysetJSON struct {
	Version    int                  `json:"version"`
	Encryption json.RawMessage      `json:"encryption"`
	MAC        json.RawMessage      `json:"mac"`
	Retired    map[uint32]time.Time `json:"retired,omitempty"`
}

func generateKeyset() (*keysetFile, error) {
	encryption, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generating an encryption key: %w", err)
	}
	mac, err := keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generating a MAC key: %w", err)
	}
	return &keysetFile{encryption: encryption, mac: mac}, nil
}

// parseKeyset never passes on what a parser says: such messages quote their input, which is key material.
func parseKeyset(raw []byte) (*keysetFile, error) {
	var doc keysetJSON
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, errors.New("is not a keyset: the content is not the JSON object that Slipway writes")
	}
	if doc.Version != keysetVersion {
		return nil, fmt.Errorf("keyset version %d is not supported (this release reads %d)", doc.Version, keysetVersion)
	}
	encryption, err := parseHandle(doc.Encryption)
	if err != nil {
		return nil, errors.New("is not a keyset: its encryption keys cannot be read")
	}
	mac, err := parseHandle(doc.MAC)
	if err != nil {
		return nil, errors.New("is not a keyset: its MAC key cannot be read")
	}
	return &keysetFile{encryption: encryption, mac: mac, retired: doc.Retired}, nil
}

func parseHandle(raw json.RawMessage) (*keyset.Handle, error) {
	return insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
}

func (f *keysetFile) marshal() ([]byte, error) {
	var encryption, mac bytes.Buffer
	if err := insecurecleartextkeyset.Write(f.encryption, keyset.NewJSONWriter(&encryption)); err != nil {
		return nil, errors.New("the encryption keys cannot be written as JSON")
	}
	if err := insecurecleartextkeyset.Write(f.mac, keyset.NewJSONWriter(&mac)); err != nil {
		return nil, errors.New("the MAC key cannot be written as JSON")
	}
	raw, err := json.Marshal(keysetJSON{Version: keysetVersion, Encryption: encryption.Bytes(), MAC: mac.Bytes(), Retired: f.retired})
	if err != nil {
		return nil, errors.New("the keyset cannot be written as JSON")
	}
	return append(raw, '\n'), nil
}

// staged gives a copy with one more key, which does not encrypt yet.
func (f *keysetFile) staged() (*keysetFile, error) {
	manager := keyset.NewManagerFromHandle(f.encryption)
	if _, err := manager.Add(aead.AES256GCMKeyTemplate()); err != nil {
		return nil, fmt.Errorf("generating a key: %w", err)
	}
	return f.with(manager)
}

// rotated gives a copy in which the staged key, or else a new one, encrypts.
func (f *keysetFile) rotated(now time.Time) (*keysetFile, error) {
	next := f
	if f.stagedKey() == 0 {
		var err error
		if next, err = f.staged(); err != nil {
			return nil, err
		}
	}
	id, manager := next.stagedKey(), keyset.NewManagerFromHandle(next.encryption)
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("making key %d the primary one: %w", id, err)
	}
	next, err := next.with(manager)
	if err != nil {
		return nil, err
	}
	next.retired[f.primary()] = now.UTC().Truncate(time.Second)
	return next, nil
}

// without gives a copy that lacks keys, none of which may be the primary one.
func (f *keysetFile) without(ids []uint32) (*keysetFile, error) {
	manager := keyset.NewManagerFromHandle(f.encryption)
	for _, id := range ids {
		if err := manager.Delete(id); err != nil {
			return nil, fmt.Errorf("removing key %d: %w", id, err)
		}
	}
	next, err := f.with(manager)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		delete(next.retired, id)
	}
	return next, nil
}

func (f *keysetFile) with(manager *keyset.Manager) (*keysetFile, error) {
	encryption, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("reading the new keyset: %w", err)
	}
	retired := make(map[uint32]time.Time, len(f.retired)+1)
	maps.Copy(retired, f.retired)
	return &keysetFile{encryption: encryption, mac: f.mac, retired: retired}, nil
}

// stagedKey is the key that has been added behind the primary one, 0 when there is none: keys are kept in the order in
// which they were added.
func (f *keysetFile) stagedKey() uint32 {
	ids := f.ids()
	if last := ids[len(ids)-1]; last != f.primary() {
		if _, was := f.retired[last]; !was {
			return last
		}
	}
	return 0
}

func (f *keysetFile) ids() []uint32 {
	var out []uint32
	for _, info := range f.encryption.KeysetInfo().GetKeyInfo() {
		out = append(out, info.GetKeyId())
	}
	return out
}

// sameMAC reports whether both keysets derive the same MACs, which all versions of one keyset do.
func (f *keysetFile) sameMAC(other *keysetFile) bool {
	mine, err := f.macRoot()
	theirs, otherErr := other.macRoot()
	return err == nil && otherErr == nil && hmac.Equal(mine, theirs)
}

func (f *keysetFile) primitive() (tink.AEAD, error) {
	primitive, err := aead.New(f.encryption)
	if err != nil {
		return nil, errors.New("the keyset's encryption keys are not AEAD keys")
	}
	return primitive, nil
}

// macRoot derives the root key of every MAC. It is fixed for the life of the keyset, so the label must never change.
func (f *keysetFile) macRoot() ([]byte, error) {
	set, err := prf.NewPRFSet(f.mac)
	if err != nil {
		return nil, errors.New("the keyset's MAC key is not a PRF key")
	}
	root, err := set.ComputePrimaryPRF([]byte("slipway mac root v1"), 32)
	if err != nil {
		return nil, errors.New("the keyset's MAC key cannot be used")
	}
	return root, nil
}

func (f *keysetFile) primary() uint32 {
	return f.encryption.KeysetInfo().GetPrimaryKeyId()
}

func (f *keysetFile) has(id uint32) bool {
	return slices.Contains(f.ids(), id)
}
