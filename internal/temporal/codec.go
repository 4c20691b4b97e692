package temporal

import (
	"context"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/proxy"
	sdkpb "go.temporal.io/api/sdk/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/slipway-dev/slipway/internal/secrets"
)

// Metadata of an encrypted payload. The key id is there for people and tools; the ciphertext names its key itself.
const (
	metadataKeyID     = "slipway-key-id"
	encryptedEncoding = "binary/encrypted"
)

// Sealer encrypts and decrypts bytes that are bound to a place.
type Sealer interface {
	Encrypt(plaintext, associatedData []byte) ([]byte, error)
	Decrypt(ciphertext, associatedData []byte) ([]byte, error)
}

var _ converter.PayloadCodec = (*Codec)(nil)

// Codec encrypts payloads as a whole, their metadata included. A payload is bound to its namespace. What is not
// encrypted is decoded as it is, so histories from before encryption go on.
type Codec struct {
	sealer Sealer
	place  []byte
}

// NewCodec makes the codec of a namespace.
func NewCodec(sealer Sealer, namespace string) *Codec {
	return &Codec{sealer: sealer, place: []byte("temporal|" + namespace)}
}

// Encode encrypts payloads. One that is encrypted already stays as it is.
func (c *Codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		if encrypted(p) {
			out[i] = p
			continue
		}
		raw, err := proto.Marshal(p)
		if err != nil {
			return nil, fmt.Errorf("encoding a payload for Temporal: %w", err)
		}
		sealed, err := c.sealer.Encrypt(raw, c.place)
		if err != nil {
			return nil, fmt.Errorf("encrypting a payload for Temporal: %w", err)
		}
		id, err := secrets.KeyIDOf(sealed)
		if err != nil {
			return nil, fmt.Errorf("encrypting a payload for Temporal: %w", err)
		}
		out[i] = &commonpb.Payload{Data: sealed, Metadata: map[string][]byte{
			converter.MetadataEncoding: []byte(encryptedEncoding), metadataKeyID: []byte(id),
		}}
	}
	return out, nil
}

// Decode opens what Encode made and passes on everything else.
func (c *Codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		if !encrypted(p) {
			out[i] = p
			continue
		}
		raw, err := c.sealer.Decrypt(p.GetData(), c.place)
		if err != nil {
			return nil, fmt.Errorf("a payload of Temporal cannot be opened; do all processes have the same keyset? %w", err)
		}
		out[i] = &commonpb.Payload{}
		if err := proto.Unmarshal(raw, out[i]); err != nil {
			return nil, fmt.Errorf("a payload of Temporal is damaged: %w", err)
		}
	}
	return out, nil
}

// encrypted recognizes payloads of this codec; the key id tells them from those of others.
func encrypted(p *commonpb.Payload) bool {
	_, keyed := p.GetMetadata()[metadataKeyID]
	return keyed && string(p.GetMetadata()[converter.MetadataEncoding]) == encryptedEncoding
}

// interceptor applies the codec to every call of a client or worker, on the way to the wire: whatever carries payloads,
// failures, memos, heartbeats and updates included, passes here. Search attributes must be readable for the server, and
// summaries for people; neither holds more than names.
//
// A data converter could not tell a summary from an input.
func (c *Codec) interceptor() (grpc.UnaryClientInterceptor, error) {
	inbound, err := proxy.NewPayloadVisitorInterceptor(proxy.PayloadVisitorInterceptorOptions{
		Inbound: visit(c.Decode),
	})
	if err != nil {
		return nil, fmt.Errorf("preparing the encryption of payloads: %w", err)
	}
	outbound := *visit(c.Encode)
	return func(ctx context.Context, method string, req, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		if message, ok := req.(proto.Message); ok {
			// The caller keeps its message, and sends it again when a call fails.
			message = proto.Clone(message)
			if err := proxy.VisitPayloads(ctx, message, outbound); err != nil {
				return err
			}
			req = message
		}
		return inbound(ctx, method, req, reply, conn, invoke, opts...)
	}, nil
}

func visit(apply func([]*commonpb.Payload) ([]*commonpb.Payload, error)) *proxy.VisitPayloadsOptions {
	return &proxy.VisitPayloadsOptions{
		SkipSearchAttributes: true,
		Visitor: func(ctx *proxy.VisitPayloadsContext, payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
			if _, summary := ctx.Parent.(*sdkpb.UserMetadata); summary {
				return payloads, nil
			}
			return apply(payloads)
		},
	}
}
