package kubernetes_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const benchObjects = 100

func benchDocuments(round int) []string {
	var documents []string
	for i := range benchObjects {
		documents = append(documents, configMap(fmt.Sprintf("c%d", i), fmt.Sprint(round)))
	}
	return documents
}

// BenchmarkDeliver changes 100 objects per operation; compare with BenchmarkPlainApply.
func BenchmarkDeliver(b *testing.B) {
	e := newEnv(b)
	round := 0
	e.delivered(benchDocuments(round)...)
	for b.Loop() {
		round++
		e.delivered(benchDocuments(round)...)
	}
}

// BenchmarkDeliverUnchanged delivers 100 objects that are as they should be.
func BenchmarkDeliverUnchanged(b *testing.B) {
	e := newEnv(b)
	e.delivered(benchDocuments(0)...)
	for b.Loop() {
		e.delivered(benchDocuments(0)...)
	}
}

// BenchmarkPlainApply is server-side apply of the same objects and nothing else, eight at a time.
func BenchmarkPlainApply(b *testing.B) {
	e := newEnv(b)
	round := 0
	e.delivered(benchDocuments(round)...)
	force := true
	for b.Loop() {
		round++
		var group errgroup.Group
		group.SetLimit(8)
		for _, o := range e.objects(benchDocuments(round)...) {
			group.Go(func() error {
				body, err := json.Marshal(o.Tree)
				if err != nil {
					return err
				}
				_, err = e.resource("v1/configmaps", e.namespace).Patch(b.Context(), o.Name(), types.ApplyPatchType, body,
					metav1.PatchOptions{FieldManager: "plain", Force: &force})
				return err
			})
		}
		require.NoError(b, group.Wait())
	}
}
