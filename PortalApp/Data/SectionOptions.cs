using FluentValidation;
using Microsoft.Extensions.Options;
using Portal.Settings;

namespace PortalApp.Data;

internal static class SectionOptions
{
    /// <summary>Options of a section of the configuration: bound, and validated before anything starts.</summary>
    public static void AddOptions<T>(this IHostApplicationBuilder builder, string section, IValidator<T> rules)
        where T : class, new()
    {
        var told = builder.Configuration.GetSection(section);
        builder.Services.AddOptions<T>().Configure(options => SettingsBinder.Bind(told, options, strict: false)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<T>>(new SectionCheck<T>(told, rules));
    }

    /// <summary>Each wrong value is one sentence that begins with its key.</summary>
    private sealed class SectionCheck<T>(IConfigurationSection told, IValidator<T> rules) : IValidateOptions<T>
        where T : class, new()
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            string[] errors =
            [
                .. SettingsBinder.Bind(told, new T(), strict: false).Select(mistake => $"{told.Path}:{mistake.Key}: {mistake.Sentence}"),
                .. rules.Validate(options).Errors.Select(mistake => mistake.ErrorMessage),
            ];
            return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
