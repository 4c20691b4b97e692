package temporal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/slipway-dev/slipway/workflows"
)

// Options says where Temporal is.
type Options struct {
	Address   string // host:port
	Namespace string // default "default"
	Log       *slog.Logger
	// Retention is how long a namespace that has to be registered keeps closed runs; default 7 days.
	Retention time.Duration
	// Keeper encrypts all payloads (see Codec); nil leaves them readable, for tests only.
	Keeper Sealer
}

// Connect returns a client of a Temporal server that is ready for Slipway: the
// namespace and the search attributes are registered when they are missing, so
// that a bare server works. It waits for the server until ctx ends.
func Connect(ctx context.Context, o Options) (client.Client, error) {
	if o.Namespace == "" {
		o.Namespace = "default"
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Retention == 0 {
		o.Retention = 7 * 24 * time.Hour
	}
	c, err := dial(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := prepare(ctx, c, o); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// firstWait is the pause after the first failure; later ones grow.
const firstWait = 100 * time.Millisecond

// dial repeats until the server answers or ctx ends.
func dial(ctx context.Context, o Options) (client.Client, error) {
	options, err := clientOptions(o)
	if err != nil {
		return nil, err
	}
	for wait := firstWait; ; wait = min(2*wait, 2*time.Second) {
		c, err := client.DialContext(ctx, options)
		if err == nil {
			return c, nil
		}
		if wait == firstWait {
			o.Log.Warn("Temporal does not answer yet; waiting for it", "address", o.Address, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("Temporal at %s does not answer (%w); is it running, is the address right?", o.Address, err)
		case <-time.After(wait):
		}
	}
}

// clientOptions is where encryption is put in, for clients and for the workers
// that are made from them.
func clientOptions(o Options) (client.Options, error) {
	out := client.Options{
		HostPort: o.Address, Namespace: o.Namespace, Logger: log.NewStructuredLogger(o.Log), DataConverter: newDataConverter(),
	}
	if o.Keeper == nil {
		return out, nil
	}
	// Messages and stack traces of failures become payloads, which the interceptor encrypts.
	out.FailureConverter = temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{EncodeCommonAttributes: true})
	encryption, err := NewCodec(o.Keeper, o.Namespace).interceptor()
	if err != nil {
		return out, err
	}
	out.ConnectionOptions.DialOptions = []grpc.DialOption{grpc.WithChainUnaryInterceptor(encryption)}
	return out, nil
}

// prepare registers what is missing. A server that forbids it may still have
// everything, so only a namespace that cannot be used is an error.
func prepare(ctx context.Context, c client.Client, o Options) error {
	if err := ensureNamespace(ctx, c, o); err != nil {
		return err
	}
	return retryFor(ctx, 30*time.Second, func() error { return ensureSearchAttributes(ctx, c, o.Namespace) })
}

func ensureNamespace(ctx context.Context, c client.Client, o Options) error {
	return retryFor(ctx, 30*time.Second, func() error {
		_, err := c.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: o.Namespace})
		var missing *serviceerror.NamespaceNotFound
		if err == nil || !errors.As(err, &missing) {
			return err
		}
		o.Log.Info("registering the Temporal namespace", "namespace", o.Namespace)
		_, err = c.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
			Namespace: o.Namespace, Description: "Slipway", WorkflowExecutionRetentionPeriod: durationpb.New(o.Retention),
		})
		var exists *serviceerror.NamespaceAlreadyExists
		if errors.As(err, &exists) {
			return nil
		}
		return err
	})
}

func ensureSearchAttributes(ctx context.Context, c client.Client, namespace string) error {
	have, err := c.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		return fmt.Errorf("listing the search attributes of Temporal namespace %q: %w", namespace, err)
	}
	missing := map[string]enumspb.IndexedValueType{}
	for _, name := range []string{workflows.SearchOrg, workflows.SearchApp, workflows.SearchEnv, workflows.SearchDeployment, workflows.SearchOutcome} {
		if _, ok := have.CustomAttributes[name]; !ok {
			missing[name] = enumspb.INDEXED_VALUE_TYPE_KEYWORD
		}
	}
	if len(missing) == 0 {
		return nil
	}
	_, err = c.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
		Namespace: namespace, SearchAttributes: missing,
	})
	var exists *serviceerror.AlreadyExists
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("registering search attributes in Temporal namespace %q: %w", namespace, err)
	}
	return nil
}

// retryFor repeats fn while the server is still coming up.
func retryFor(ctx context.Context, limit time.Duration, fn func() error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := fn()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}
