package temporal

import (
	"errors"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/orchestrator"
)

var _ orchestrator.PayloadCodec = (*DocumentCodec)(nil)

// DocumentCodec applies the Codec of a namespace to documents as Temporal's Web
// UI and CLI send them to a codec server.
type DocumentCodec struct {
	codec     *Codec
	namespace string
}

// NewDocumentCodec makes the codec of a namespace.
func NewDocumentCodec(sealer Sealer, namespace string) *DocumentCodec {
	return &DocumentCodec{codec: NewCodec(sealer, namespace), namespace: namespace}
}

// Namespace is the one whose payloads it knows.
func (d *DocumentCodec) Namespace() string { return d.namespace }

// Encode encrypts the payloads of a document.
func (d *DocumentCodec) Encode(document []byte) ([]byte, error) {
	return d.apply(document, d.codec.Encode)
}

// Decode decrypts the payloads of a document. Those that were never encrypted
// are passed on.
func (d *DocumentCodec) Decode(document []byte) ([]byte, error) {
	return d.apply(document, d.codec.Decode)
}

func (d *DocumentCodec) apply(document []byte, fn func([]*commonpb.Payload) ([]*commonpb.Payload, error)) ([]byte, error) {
	var in commonpb.Payloads
	// The parser's message quotes what it read, so it goes no further.
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(document, &in); err != nil {
		return nil, orchestrator.Invalidf(`the request body is no document of payloads; send {"payloads": [{"metadata": {...}, "data": "..."}]} with base64 values`)
	}
	out := make([]*commonpb.Payload, 0, len(in.GetPayloads()))
	for i, p := range in.GetPayloads() {
		done, err := fn([]*commonpb.Payload{p})
		if errors.Is(err, secrets.ErrUnknownKey) {
			return nil, orchestrator.Wrapf(orchestrator.CodeUnprocessable, err,
				"payload %d was encrypted with key %.20q, which the keyset does not hold: another keyset, or a key that was pruned", i, p.GetMetadata()[metadataKeyID])
		}
		if err != nil {
			return nil, orchestrator.Wrapf(orchestrator.CodeUnprocessable, err, "payload %d cannot be opened: it was changed, or belongs to another namespace", i)
		}
		out = append(out, done...)
	}
	raw, err := protojson.Marshal(&commonpb.Payloads{Payloads: out})
	if err != nil {
		return nil, fmt.Errorf("encoding payloads: %w", err)
	}
	return raw, nil
}
