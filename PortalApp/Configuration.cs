using Microsoft.Extensions.Options;

namespace PortalApp;

/// <summary>The configuration is wrong; one sentence for each value, which names its key.</summary>
internal sealed class ConfigurationException(IEnumerable<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<string> Errors { get; } = [.. errors];
}

/// <summary>Looks at all values before anything starts.</summary>
internal static class Configuration
{
    /// <exception cref="ConfigurationException">One or more are wrong.</exception>
    public static void ThrowIfWrong(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException e)
        {
            throw new ConfigurationException(e.Failures);
        }
        catch (AggregateException e)
        {
            throw new ConfigurationException(e.InnerExceptions.Cast<OptionsValidationException>().SelectMany(wrong => wrong.Failures));
        }
    }
}
