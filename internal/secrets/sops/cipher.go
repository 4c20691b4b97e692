package sops

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"regexp"
	"strings"
)

const (
	dataKeySize = 32
	nonceSize   = 32
	tagSize     = 16
)

var encryptedValue = regexp.MustCompile(`^ENC\[AES256_GCM,data:([^,]*),iv:([^,]+),tag:([^,]+),type:([a-z]+)\]$`)

// additionalData binds a value to its path; without list positions, so that the format survives reordering of lists.
func additionalData(path []string) string { return strings.Join(path, ":") + ":" }

func seal(key []byte, value scalar, additional string) (string, error) {
	nonce := make([]byte, nonceSize)
	if _, err := rand.Read(nonce); err != nil {
		return "", fmt.Errorf("making a nonce: %w", err)
	}
	gcm, err := newGCM(key, nonceSize)
	if err != nil {
		return "", err
	}
	sealed := gcm.Seal(nil, nonce, []byte(value.text), []byte(additional))
	data, tag := sealed[:len(sealed)-tagSize], sealed[len(sealed)-tagSize:]
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("ENC[AES256_GCM,data:%s,iv:%s,tag:%s,type:%s]", encode(data), encode(nonce), encode(tag), value.kind), nil
}

func open(key []byte, text, additional string) (scalar, error) {
	parts := encryptedValue.FindStringSubmatch(text)
	if parts == nil {
		return scalar{}, errors.New("the value should be encrypted but is not of the form ENC[AES256_GCM,…]")
	}
	var decoded [3][]byte
	for i := range decoded {
		raw, err := base64.StdEncoding.DecodeString(parts[i+1])
		if err != nil {
			return scalar{}, errors.New("the encrypted value is not valid base64")
		}
		decoded[i] = raw
	}
	data, nonce, tag := decoded[0], decoded[1], decoded[2]
	if len(nonce) == 0 || len(tag) != tagSize {
		return scalar{}, errors.New("the encrypted value has a nonce or tag of a wrong size")
	}
	gcm, err := newGCM(key, len(nonce))
	if err != nil {
		return scalar{}, err
	}
	plain, err := gcm.Open(nil, nonce, append(data, tag...), []byte(additional))
	if err != nil {
		return scalar{}, errors.New("the value does not decrypt: it was changed, moved, or made with another key")
	}
	return scalar{kind: parts[4], text: string(plain)}, nil
}

func newGCM(key []byte, nonce int) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("using the data key: %w", err)
	}
	gcm, err := cipher.NewGCMWithNonceSize(block, nonce)
	if err != nil {
		return nil, fmt.Errorf("using the data key: %w", err)
	}
	return gcm, nil
}

// messageCode sums the plain values of a document.
type messageCode struct{ hash hash.Hash }

func newMAC() messageCode              { return messageCode{sha512.New()} }
func (m messageCode) add(value scalar) { m.hash.Write([]byte(value.text)) }
func (m messageCode) sum() string      { return fmt.Sprintf("%X", m.hash.Sum(nil)) }
