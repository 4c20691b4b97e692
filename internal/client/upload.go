package client

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
)

// Upload posts a file as multipart/form-data, in the part "file". It is sent once.
func (c *Client) Upload(ctx context.Context, path, name string, content []byte) ([]byte, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("POST %s: the form cannot be written: %w", path, err)
	}
	req, err := c.request(ctx, http.MethodPost, path, body.Bytes())
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	res, err := c.http.Do(req)
	if err != nil {
		return nil, c.connectionError(ctx, err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, c.connectionError(ctx, err)
	}
	if res.StatusCode < 200 || res.StatusCode >= 300 {
		return nil, errorOf(res.StatusCode, answer)
	}
	return answer, nil
}
