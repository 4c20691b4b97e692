package temporal_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"

	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/temporal"
)

// BenchmarkCodec encrypts and decrypts the input of an activity.
func BenchmarkCodec(b *testing.B) {
	keeper, err := secrets.Create(filepath.Join(b.TempDir(), "keyset.json"))
	require.NoError(b, err)
	codec := temporal.NewCodec(keeper, "slipway")
	plain, err := converter.GetDefaultDataConverter().ToPayload(map[string]any{"org": "acme", "app": "shop", "env": "development", "id": "18ebd8f198bfea85"})
	require.NoError(b, err)
	for b.Loop() {
		sealed, err := codec.Encode([]*commonpb.Payload{plain})
		require.NoError(b, err)
		_, err = codec.Decode(sealed)
		require.NoError(b, err)
	}
}
