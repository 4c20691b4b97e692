package cli

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) valuesHistory(level *string) *cobra.Command {
	return &cobra.Command{
		Use: "history [KEY]", Short: "List the changes of all values, or of one, newest first", Args: args("[KEY]"),
		RunE: func(cmd *cobra.Command, given []string) error {
			c, s, err := a.level(*level)
			if err != nil {
				return err
			}
			path := s.LevelPath("value-set-versions")
			if len(given) == 1 {
				path += "?key_changed=" + url.QueryEscape(given[0])
			}
			raw, err := c.Get(cmd.Context(), path)
			if err != nil {
				return err
			}
			return a.showTable(raw, columns([]string{"ID", "CREATED", "WHAT", "CHANGED", "COMMENT"}, valueVersionRow))
		},
	}
}

func (a *app) valuesRestore(level *string) *cobra.Command {
	var message string
	cmd := &cobra.Command{
		Use: "restore VERSION [KEY]", Short: "Set all values, or one, to what they were in a version", Args: args("VERSION", "[KEY]"),
		Long: "Sets values to what they were. Without a key, values that the version does not have are deleted.",
	}
	cmd.Flags().StringVarP(&message, "message", "m", "", "why; kept as the comment of the new version")
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		c, s, err := a.level(*level)
		if err != nil {
			return err
		}
		path := s.LevelPath("value-set-versions", given[0], "restore") + client.Path(given[1:]...)
		raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodPost, path, api.ValueSetActionRequest{Comment: message})
		if err != nil {
			return err
		}
		return a.show(raw, func() error {
			a.say("values of %s restored from version %s; they take effect with the next deployment", levelName(s), given[0])
			return nil
		})
	}
	return cmd
}

func (a *app) valuesPurge(level *string) *cobra.Command {
	var yes bool
	var message string
	cmd := &cobra.Command{
		Use: "purge VERSION KEY", Short: "Erase a former value for good", Args: args("VERSION", "KEY"),
		Long: "Erases the value of a key from a version. It can then not be read, restored or deployed any more.",
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.Flags().StringVarP(&message, "message", "m", "", "why; kept with the version")
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		c, s, err := a.level(*level)
		if err != nil {
			return err
		}
		if err := a.confirm("erase "+given[1]+" from version "+given[0]+" for good", yes); err != nil {
			return err
		}
		path := s.LevelPath("value-set-versions", given[0], "purge", given[1])
		if _, err := client.Do[client.None](cmd.Context(), c, http.MethodPost, path, api.ValueSetActionRequest{Comment: message}); err != nil {
			return err
		}
		a.say("%s erased from version %s", given[1], given[0])
		return nil
	}
	return cmd
}
