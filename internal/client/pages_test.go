package client_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGetReadsAllPages(t *testing.T) {
	t.Parallel()
	pages := map[string]struct{ body, link string }{
		"":  {`[{"n":1}, {"n":2}]`, `</api/list?page=b>;rel="next"`},
		"b": {`[]`, `<http://elsewhere.example.com/list?page=c>; rel="next"`},
		"c": {`[{"n":3}]`, `</list?page=a>; rel="prev"`},
	}
	fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "/api/list", r.URL.Path)
		page := pages[r.URL.Query().Get("page")]
		w.Header().Set("Link", page.link)
		fmt.Fprint(w, page.body)
	}))
	t.Cleanup(fake.Close)
	got, err := clientOf(t, fake.URL+"/api").Get(t.Context(), "/list")
	require.NoError(t, err)
	require.Equal(t, `[{"n":1},{"n":2},{"n":3}]`, string(got))
}

func TestGetOfPagesThatNeverEnd(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", `</list?page=x>; rel="next"`)
		fmt.Fprint(w, `[1]`)
	})
	_, err := c.Get(t.Context(), "/list")
	require.ErrorContains(t, err, "round in circles")
}
