package orchestrator

import (
	"context"
)

// PayloadCodec seals and opens payloads of the workflow engine, as a person
// who looks at its histories needs it. Both calls take and give a document of
// Temporal's codec protocol: {"payloads": [{"metadata": {...}, "data": "base64"}]}.
// A document that is none is CodeInvalid; a payload that cannot be opened, for
// its key is unknown or it was changed, is CodeUnprocessable.
//
// Source: https://github.com/temporalio/samples-go/blob/main/codec-server/protocol.md
type PayloadCodec interface {
	// Namespace is the one whose payloads it knows.
	Namespace() string
	Encode(document []byte) ([]byte, error)
	Decode(document []byte) ([]byte, error)
}

// EncodePayloads encrypts payloads, for one who starts or signals a workflow by
// hand. See DecodePayloads.
func (s *Service) EncodePayloads(ctx context.Context, namespace string, document []byte) ([]byte, error) {
	if err := s.requirePayloads(ctx, namespace); err != nil {
		return nil, err
	}
	return s.payloads.Encode(document)
}

// DecodePayloads decrypts payloads. An empty namespace is the own one.
//
// A payload does not say to which organization it belongs: results are numbers,
// failures are text. So payloads are for those who administer every organization
// of the installation.
func (s *Service) DecodePayloads(ctx context.Context, namespace string, document []byte) ([]byte, error) {
	if err := s.requirePayloads(ctx, namespace); err != nil {
		return nil, err
	}
	return s.payloads.Decode(document)
}

// requirePayloads lets those pass who may read the payloads of a namespace.
func (s *Service) requirePayloads(ctx context.Context, namespace string) error {
	if err := s.requireEveryOrgAdmin(ctx, "read payloads of Temporal"); err != nil {
		return err
	}
	if s.payloads == nil {
		return NotFoundf("this server does not read payloads of Temporal")
	}
	if namespace != "" && namespace != s.payloads.Namespace() {
		return NotFoundf("namespace %q is not the one of this installation, which is %q", namespace, s.payloads.Namespace())
	}
	return nil
}
