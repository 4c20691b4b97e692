package secrets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

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
}

type keysetJSON struct {
	Version    int             `json:"version"`
	Encryption json.RawMessage `json:"encryption"`
	MAC        json.RawMessage `json:"mac"`
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
	return &keysetFile{encryption: encryption, mac: mac}, nil
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
	raw, err := json.Marshal(keysetJSON{Version: keysetVersion, Encryption: encryption.Bytes(), MAC: mac.Bytes()})
	if err != nil {
		return nil, errors.New("the keyset cannot be written as JSON")
	}
	return append(raw, '\n'), nil
}

// rotated gives a copy with one more key, which is the primary one.
func (f *keysetFile) rotated() (*keysetFile, error) {
	manager := keyset.NewManagerFromHandle(f.encryption)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generating a key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("making key %d the primary one: %w", id, err)
	}
	encryption, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("reading the new keyset: %w", err)
	}
	return &keysetFile{encryption: encryption, mac: f.mac}, nil
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
	for _, info := range f.encryption.KeysetInfo().GetKeyInfo() {
		if info.GetKeyId() == id {
			return true
		}
	}
	return false
}
