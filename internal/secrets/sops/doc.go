// Package sops writes and opens YAML files in the format of SOPS (https://github.com/getsops/sops) with age recipients,
// so that the standard sops tool and Flux's kustomize-controller can open them.
//
// It exists because the official library cannot be had without the SDKs of every cloud's key service: decrypting one
// file links about 1,000 packages. The format is small, and what is written here follows its published description
// (README of getsops/sops, "Encryption Protocol" and "Message Authentication Code") and behaviour of version 3.13:
//
//   - every scalar below a key that matches encrypted_regex is replaced by
//     ENC[AES256_GCM,data:…,iv:…,tag:…,type:…], AES-256-GCM with a 32 byte nonce, and the path of keys, each followed
//     by a colon, as additional data (positions in lists do not count); an empty string stays as it is;
//   - the data key is 32 random bytes, encrypted to each age recipient as an armored age file;
//   - the MAC is the upper-case hexadecimal SHA-512 over the plain values of all scalars in document order (also of
//     those that stay readable), encrypted like a value with the time lastmodified as additional data;
//   - all that is kept under the top-level key "sops".
//
// It handles one YAML document per file, no aliases, and drops comments. It knows no other key service than age, and
// never writes a plaintext or a key anywhere but into the result of Decrypt.
package sops
