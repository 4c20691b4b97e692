package cli

import (
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) apiCommand() *cobra.Command {
	cmd := group("api", "Send a request of your own to the API")
	cmd.Long = "Sends a request with your token and prints the answer as it comes. The path starts with a slash: /orgs/my-org/apps."
	for _, method := range []string{"get", "post", "put", "patch", "delete"} {
		cmd.AddCommand(a.apiMethod(method))
	}
	return cmd
}

func (a *app) apiMethod(method string) *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use: method + " PATH", Short: "Send a " + strings.ToUpper(method) + " request", Args: args("PATH"),
		Example: "  slipway api " + method + " /orgs/my-org/apps",
	}
	if method != "get" {
		cmd.Flags().StringVarP(&data, "data", "d", "", "JSON body; @file reads it from a file, - or @- from standard input")
	}
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		if !strings.HasPrefix(given[0], "/") {
			return usagef("the path starts with a slash, such as /orgs/my-org/apps; got %q", given[0])
		}
		body, err := a.requestBody(data)
		if err != nil {
			return err
		}
		c, err := a.connect()
		if err != nil {
			return err
		}
		raw, err := c.Send(cmd.Context(), strings.ToUpper(method), given[0], body)
		if err != nil {
			return err
		}
		form, err := a.form()
		if err != nil || len(raw) == 0 {
			return err
		}
		if !json.Valid(raw) {
			_, err := a.out.Write(raw)
			return err
		}
		if form == formYAML {
			return a.show(raw, nil)
		}
		return a.showJSON(raw)
	}
	return cmd
}

// requestBody gives what is to be sent: nothing, or JSON as it was written.
func (a *app) requestBody(data string) (any, error) {
	if data == "" {
		return nil, nil
	}
	raw := []byte(data)
	file, fromFile := strings.CutPrefix(data, "@")
	if data == "-" || fromFile {
		var err error
		if raw, err = a.readFile(file); err != nil {
			return nil, err
		}
	}
	if !json.Valid(raw) {
		return nil, usagef("the body is not valid JSON")
	}
	return json.RawMessage(raw), nil
}
